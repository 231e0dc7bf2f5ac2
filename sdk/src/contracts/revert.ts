import {
  BaseError,
  ContractFunctionRevertedError,
  HttpRequestError,
  TimeoutError,
  UserRejectedRequestError,
} from 'viem';
import { ChainError } from '../errors.ts';
import { ERROR_WORDS } from './error-words.ts';

/** What a wallet, a node or a contract said, as an error of ours in plain words. */
export function toChainError(error: unknown): ChainError {
  if (error instanceof ChainError) return error;
  if (!(error instanceof BaseError)) {
    return new ChainError('CHAIN_UNREACHABLE', 'The chain could not be asked.', {
      retryable: true,
      cause: error,
    });
  }
  return fromWallet(error) ?? fromContract(error) ?? fromNetwork(error) ?? unexplained(error);
}

function fromWallet(error: BaseError): ChainError | undefined {
  const rejected = error.walk((cause) => cause instanceof UserRejectedRequestError || codeOf(cause) === 4001);
  if (!rejected) return undefined;
  return new ChainError('WALLET_REJECTED', 'You declined this in your wallet.', {
    retryable: true,
    advice: 'Nothing was sent. You can try again.',
    cause: error,
  });
}

function fromContract(error: BaseError): ChainError | undefined {
  const reverted = error.walk((cause) => cause instanceof ContractFunctionRevertedError);
  if (!(reverted instanceof ContractFunctionRevertedError)) return undefined;
  const name = reverted.data?.errorName;
  const words = name === undefined ? undefined : ERROR_WORDS[name];
  return new ChainError('CONTRACT_REFUSED', words?.message ?? 'The contracts refused this.', {
    ...(words === undefined ? {} : { advice: words.advice }),
    cause: error,
  });
}

function fromNetwork(error: BaseError): ChainError | undefined {
  const network = error.walk((cause) => cause instanceof HttpRequestError || cause instanceof TimeoutError);
  if (!network) return undefined;
  return new ChainError('CHAIN_UNREACHABLE', 'The chain does not answer.', { retryable: true, cause: error });
}

function unexplained(error: BaseError): ChainError {
  return new ChainError('CONTRACT_REFUSED', 'The chain or the wallet refused this without a reason.', {
    retryable: true,
    advice: 'Look into your wallet: it may be locked, on another network, or waiting for an answer.',
    cause: error,
  });
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
