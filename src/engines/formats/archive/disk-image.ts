/**
 * Disk and volume images, told by their marks, with what to do about them.
 * Refuses to open one: file systems are the business of tools that mount them read-only.
 */
import type { Source } from "../../../base/source.ts";

/** What an image is, and how its files can be handed in instead. */
export interface DiskImage {
  /** `VHDX disk image`. */
  readonly what: string;
  /** One line that says how to mount it without changing it. */
  readonly hint: string;
}

interface Mark {
  readonly what: string;
  readonly at: number;
  readonly bytes: string;
  readonly hint: string;
}

const WINDOWS = "Windows: Mount-DiskImage -ImagePath FILE -Access ReadOnly";
const GUEST = "Linux: guestmount -a FILE -i --ro FOLDER";
const EWF =
  "Linux: ewfmount FILE FOLDER, then mount -o ro,loop its ewf1; Windows: Arsenal Image Mounter, read-only";
const AFTER = "then hand in the folder";

const MARKS: readonly Mark[] = [
  { what: "VHDX disk image", at: 0, bytes: "vhdxfile", hint: `${WINDOWS}; ${GUEST}` },
  { what: "VHD disk image", at: 0, bytes: "conectix", hint: `${WINDOWS}; ${GUEST}` },
  { what: "E01 disk image (EnCase)", at: 0, bytes: "EVF\x09\x0d\x0a\xff\x00", hint: EWF },
  { what: "L01 logical image (EnCase)", at: 0, bytes: "LVF\x09\x0d\x0a\xff\x00", hint: EWF },
  { what: "Ex01 disk image (EnCase 7)", at: 0, bytes: "EVF2\x0d\x0a\x81\x00", hint: EWF },
  {
    what: "VMDK disk image",
    at: 0,
    bytes: "KDMV",
    hint: `${GUEST}; Windows: 7-Zip or vmware-mount`,
  },
  {
    what: "VMDK disk image",
    at: 0,
    bytes: "# Disk DescriptorFile",
    hint: `${GUEST}; Windows: vmware-mount`,
  },
  { what: "VMDK disk image (ESX)", at: 0, bytes: "COWD", hint: `${GUEST}; Windows: vmware-mount` },
  {
    what: "qcow2 disk image",
    at: 0,
    bytes: "QFI\xfb",
    hint: `Linux: qemu-nbd --read-only -c /dev/nbd0 FILE, then mount -o ro; or ${GUEST}`,
  },
  {
    what: "AFF4 disk image",
    at: 30,
    bytes: "container.description",
    hint: "Linux: aff4imager or the Velociraptor mount of AFF4",
  },
];

const FOOTER_BYTES = 512;

/** The image that a file is, by its first bytes, or by its last where only those tell (VHD); null where it is none. */
export function recogniseDiskImage(head: Uint8Array, source: Source): DiskImage | null {
  const found = MARKS.find(({ at, bytes }) => textAt(head, at, bytes.length) === bytes);
  if (found !== undefined) return { what: found.what, hint: `${found.hint}; ${AFTER}` };
  if (source.byteLength <= FOOTER_BYTES) return null;
  // Older programs write a footer of 511 bytes; a mark one byte on.
  const footer = source.read(source.byteLength - FOOTER_BYTES, source.byteLength);
  if (textAt(footer, 0, 8) !== "conectix" && textAt(footer, 1, 8) !== "conectix") return null;
  return { what: "VHD disk image", hint: `${WINDOWS}; ${GUEST}; ${AFTER}` };
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  return Buffer.from(bytes.subarray(at, at + length)).toString("latin1");
}
