import { type Frame, interfaceName } from "./frame";
import { wireBytes } from "./wire-bytes";

/** LINKTYPE_RAW: the packet begins with its IP header. Source: tcpdump.org, link-layer header types. */
const LINKTYPE_RAW = 101;
const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const OPTION_END = 0;
const OPTION_USER_APPLICATION = 4;
const OPTION_IF_NAME = 2;
const OPTION_PACKET_FLAGS = 2;
const DIRECTION_FLAGS: Record<Frame["direction"], number> = { in: 1, out: 2 };

/** A capture of these frames as a pcapng file, with a description of every interface that saw any. Times are virtual
 *  microseconds since 1970. Source: draft-ietf-opsawg-pcapng. */
export function pcapng(frames: readonly Frame[]): Uint8Array {
  const names = [...new Set(frames.map(interfaceName))];
  const numbers = new Map(names.map((name, index) => [name, index]));
  return concat([
    block(SECTION_HEADER, [
      u32(BYTE_ORDER_MAGIC),
      // Version 1.0.
      u32(1),
      // Length of the section: not given.
      u32(0xffffffff),
      u32(0xffffffff),
      ...options([OPTION_USER_APPLICATION, asciiBytes("kubehop")]),
    ]),
    ...names.map((name) =>
      block(INTERFACE_DESCRIPTION, [
        u32(LINKTYPE_RAW),
        // No limit to a packet's length.
        u32(0),
        ...options([OPTION_IF_NAME, asciiBytes(name)]),
      ]),
    ),
    ...frames.map((frame) => packetBlock(numbers.get(interfaceName(frame)) ?? 0, frame)),
  ]);
}

function packetBlock(interfaceNumber: number, { atUs, direction, packet }: Frame): Uint8Array {
  const bytes = wireBytes(packet);
  return block(ENHANCED_PACKET, [
    u32(interfaceNumber),
    u32(Math.floor(atUs / 2 ** 32)),
    u32(atUs),
    u32(bytes.length),
    u32(bytes.length),
    padded(bytes),
    ...options([OPTION_PACKET_FLAGS, u32(DIRECTION_FLAGS[direction])]),
  ]);
}

function block(type: number, parts: readonly Uint8Array[]): Uint8Array {
  const body = concat(parts);
  const length = u32(12 + body.length);
  return concat([u32(type), length, body, length]);
}

function options(...given: readonly (readonly [code: number, value: Uint8Array])[]): Uint8Array[] {
  return [
    ...given.flatMap(([code, value]) => [u32(code | (value.length << 16)), padded(value)]),
    u32(OPTION_END),
  ];
}

/** Numbers of this file are in little-endian order. */
function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

/** To whole words. */
function padded(bytes: Uint8Array): Uint8Array {
  const words = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  words.set(bytes);
  return words;
}

function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
