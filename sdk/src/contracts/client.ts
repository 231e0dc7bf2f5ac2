import type { Abi, Address, ContractFunctionArgs, ContractFunctionName } from 'viem';
import { ChainError } from '../errors.ts';
import { feesFor } from './fees.ts';
import { sendByRelay } from './relayed.ts';
import { inPatientsName } from './representing.ts';
import { toChainError } from './revert.ts';
import { type ChartkeyClient, requireChain, type Sent, walletOf } from './wallet.ts';

export {
  type AroundRelay,
  accountOf,
  type ChartkeyClient,
  createChartkeyClient,
  type RelayChoice,
  type Sent,
  type Session,
  type SessionKey,
  type Wallet,
} from './wallet.ts';

type Call<abi extends Abi, name extends ContractFunctionName<abi>, args> = {
  readonly address: Address;
  readonly abi: abi;
  readonly functionName: name;
  readonly args: args;
};

type AnyCall = Call<Abi, string, readonly unknown[]>;

/**
 * Simulates, sends, and waits until the call stands in a block: a call that would revert costs
 * nothing and never reaches the wallet. With a relay the wallet signs a request instead, and pays
 * nothing; a relay that does not answer is gone round with the same request, if the wallet can pay for
 * itself, or as whoever `aroundRelay` asks says.
 *
 * @throws ChainError `CONTRACT_REFUSED`, `WALLET_REJECTED`, `WALLET_MISSING`, `CHAIN_WRONG`,
 * `CHAIN_UNREACHABLE`, `SESSION_ENDED`, `CANCELLED`; RelayError
 */
export async function send<
  const abi extends Abi,
  name extends ContractFunctionName<abi, 'nonpayable' | 'payable'>,
  const args extends ContractFunctionArgs<abi, 'nonpayable' | 'payable', name>,
>(client: ChartkeyClient, call: Call<abi, name, args>): Promise<Sent> {
  const untyped = inPatientsName(client, call as unknown as AnyCall);
  const { relay } = client;
  return relay ? sendByRelay({ ...client, relay }, untyped) : sendDirectly(client, untyped);
}

async function sendDirectly(client: ChartkeyClient, call: AnyCall): Promise<Sent> {
  const wallet = walletOf(client);
  try {
    await requireChain(client, wallet);
    const fees = await feesFor(client);
    const gas = await client.publicClient.estimateContractGas({ ...call, account: wallet.account });
    const hash = await wallet.writeContract({
      ...call,
      ...fees,
      account: wallet.account,
      chain: wallet.chain ?? null,
      // Another transaction may land first and turn an update into a new slot.
      gas: (gas * 12n) / 10n + 25_000n,
    });
    const receipt = await client.publicClient.waitForTransactionReceipt({ hash });
    if (receipt.status !== 'success') {
      throw new ChainError(
        'CONTRACT_REFUSED',
        'The contracts refused this, because something changed in the meantime.',
      );
    }
    return { hash, receipt };
  } catch (error) {
    throw toChainError(error);
  }
}

/** Reads at the latest block, or at `blockNumber`. @throws ChainError */
export async function read<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    throw toChainError(error);
  }
}
