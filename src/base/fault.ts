/**
 * Trouble that a person or another machine can mend: a full disk, a wrong key, a vault in use.
 * Refuses to carry personal data: the message goes to a terminal and to logs.
 */

/** What can be mended, one code each; the door turns every Fault into exit code 2. */
export type FaultCode =
  | "usage"
  | "not-found"
  | "not-readable"
  | "not-writable"
  | "disk-full"
  | "already-exists"
  | "vault-in-use"
  | "vault-damaged"
  | "key-missing"
  | "key-wrong"
  | "case-file-invalid"
  | "claims-invalid"
  | "catalogue-invalid"
  | "knowledge-invalid"
  | "port-in-use"
  | "interrupted";

/** Thrown for what can be mended; the door prints `message` and `hint`, and nothing else of it. */
export class Fault extends Error {
  readonly code: FaultCode;
  /** One line that says what to do next. */
  readonly hint: string;

  constructor(code: FaultCode, message: string, hint: string) {
    super(message);
    this.name = "Fault";
    this.code = code;
    this.hint = hint;
  }
}
