import type { ByteSource } from '../envelope/index.ts';
import { ChartkeyError, IntegrityError } from '../errors.ts';
import { piecesOf, streamOf } from './streams.ts';

/* age-encryption.org/v1: a file that opens with the `age` tool alone, without us, any time. */

/** A passphrase, or recipients as `age-keygen` prints them (`age1…`, post-quantum ones too). */
export type SealAgeTo = { readonly passphrase: string } | { readonly recipients: readonly string[] };

/** The same passphrase, or an identity (`AGE-SECRET-KEY-…`). */
export type OpenAgeWith = { readonly passphrase: string } | { readonly identity: string };

/** Fewer are guessed too easily by whoever finds the file. */
const MIN_PASSPHRASE = 12;

/**
 * Encrypts content for the age tool while it streams; memory stays flat. The library is loaded
 * when it is first needed.
 *
 * Warning: whoever has the passphrase or the identity reads the file for ever. No consent, no
 * log and no keeper is involved any more.
 *
 * @param content - for instance `record.content()`; a failure in it ends the export with it.
 * @throws ChartkeyError `INPUT_INVALID`: a short passphrase, no recipient, or one that is none.
 * @example
 * for await (const piece of exportAge(record.content(), { passphrase })) await file.write(piece);
 */
export async function* exportAge(
  content: AsyncIterable<Uint8Array>,
  to: SealAgeTo,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  if ('passphrase' in to) {
    if (to.passphrase.length < MIN_PASSPHRASE) {
      throw invalid(`The passphrase must have at least ${MIN_PASSPHRASE} characters.`);
    }
    encrypter.setPassphrase(to.passphrase);
  } else {
    if (to.recipients.length === 0) throw invalid('There must be a recipient.');
    try {
      for (const recipient of to.recipients) encrypter.addRecipient(recipient);
    } catch (cause) {
      throw invalid('A recipient is not an age recipient.', cause);
    }
  }
  yield* piecesOf(await encrypter.encrypt(streamOf(content)));
}

/**
 * Decrypts what the age tool or {@link exportAge} wrote. As with records: nobody should act on
 * the content before the iteration has ended without an error.
 *
 * @throws IntegrityError `SEAL_BROKEN`: no age file, or not for this passphrase or identity;
 * `BODY_SEGMENT_BROKEN`: altered or cut.
 * @throws ChartkeyError `INPUT_INVALID` for an identity that is none.
 */
export async function* importAge(
  file: ByteSource,
  opening: OpenAgeWith,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  try {
    if ('passphrase' in opening) decrypter.addPassphrase(opening.passphrase);
    else decrypter.addIdentity(opening.identity.trim());
  } catch (cause) {
    throw invalid('This is not an age identity.', cause);
  }
  const stream = file instanceof ReadableStream ? file : streamOf(file);
  const content = await decrypter.decrypt(stream).catch((cause: unknown) => {
    throw new IntegrityError('SEAL_BROKEN', 'This is not an age file that opens with this secret.', {
      cause,
    });
  });
  try {
    yield* piecesOf(content);
  } catch (cause) {
    throw new IntegrityError('BODY_SEGMENT_BROKEN', 'The age file is not the one that was written.', {
      cause,
    });
  }
}

function invalid(message: string, cause?: unknown): ChartkeyError {
  return new ChartkeyError('INPUT_INVALID', message, { cause });
}
