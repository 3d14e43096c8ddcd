// The electronic envelope (电子信封): a text encrypted to one X25519 recipient in the C2SP `age` v1 form, so that
// its custodian opens it with `age -d`. RFC 7748 (X25519), RFC 8439 (ChaCha20-Poly1305), BIP 173 (age1…).
// One short text an envelope; not for anything that is encrypted often or measured from outside.
import { bytes, hkdf, hmac, join } from "./hash.js";

const P = 2n ** 255n - 19n;

const number = (data) => data.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

const little = (value, size) => {
  const out = new Uint8Array(size);
  for (let at = 0; at < size; at += 1) out[at] = Number((value >> BigInt(8 * at)) & 255n);
  return out;
};

const modulo = (value) => ((value % P) + P) % P;

const power = (base, exponent) => {
  let [result, square, left] = [1n, modulo(base), exponent];
  while (left > 0n) {
    if (left & 1n) result = (result * square) % P;
    square = (square * square) % P;
    left >>= 1n;
  }
  return result;
};

export const x25519 = (secret, point) => {
  const scalar = Uint8Array.from(secret);
  scalar[0] &= 248; scalar[31] = (scalar[31] & 127) | 64;
  const k = number(scalar);
  const u = number(point) & (2n ** 255n - 1n);
  let [x2, z2, x3, z3, swapped] = [1n, 0n, u, 1n, 0n];
  for (let t = 254n; t >= 0n; t -= 1n) {
    const bit = (k >> t) & 1n;
    if (bit !== swapped) [x2, z2, x3, z3] = [x3, z3, x2, z2];
    swapped = bit;
    const [a, b, c, d] = [x2 + z2, x2 - z2, x3 + z3, x3 - z3];
    const [da, cb, aa, bb] = [modulo(d * a), modulo(c * b), modulo(a * a), modulo(b * b)];
    const e = aa - bb;
    x3 = modulo((da + cb) ** 2n);
    z3 = modulo(u * (da - cb) ** 2n);
    x2 = modulo(aa * bb);
    z2 = modulo(e * (aa + 121665n * e));
  }
  if (swapped) [x2, z2] = [x3, z3];
  return little(modulo(x2 * power(z2, P - 2n)), 32);
};

const NINE = Uint8Array.of(9, ...new Uint8Array(31));

const quarter = (s, a, b, c, d) => {
  const step = (x, y, z, n) => {
    s[x] += s[y];
    const w = s[z] ^ s[x];
    s[z] = (w << n) | (w >>> (32 - n));
  };
  step(a, b, d, 16); step(c, d, b, 12); step(a, b, d, 8); step(c, d, b, 7);
};

const block = (key, nonce, counter) => {
  const start = new Uint32Array(16);
  start.set([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574]);
  for (let i = 0; i < 8; i += 1) start[4 + i] = Number(number(key.subarray(i * 4, i * 4 + 4)));
  start[12] = counter;
  for (let i = 0; i < 3; i += 1) start[13 + i] = Number(number(nonce.subarray(i * 4, i * 4 + 4)));
  const s = start.slice();
  for (let round = 0; round < 10; round += 1) {
    quarter(s, 0, 4, 8, 12); quarter(s, 1, 5, 9, 13); quarter(s, 2, 6, 10, 14); quarter(s, 3, 7, 11, 15);
    quarter(s, 0, 5, 10, 15); quarter(s, 1, 6, 11, 12); quarter(s, 2, 7, 8, 13); quarter(s, 3, 4, 9, 14);
  }
  return join(...Array.from(s, (word, i) => little(BigInt((word + start[i]) >>> 0), 4)));
};

const poly1305 = (key, data) => {
  const prime = 2n ** 130n - 5n;
  const r = number(key.subarray(0, 16)) & 0x0ffffffc0ffffffc0ffffffc0fffffffn;
  let sum = 0n;
  for (let at = 0; at < data.length; at += 16) {
    const part = data.subarray(at, at + 16);
    sum = ((sum + number(part) + (1n << BigInt(8 * part.length))) * r) % prime;
  }
  return little((sum + number(key.subarray(16))) & (2n ** 128n - 1n), 16);
};

const encrypt = (key, nonce, plain) => {
  const hidden = Uint8Array.from(plain);
  for (let at = 0; at < hidden.length; at += 64) {
    const stream = block(key, nonce, at / 64 + 1);
    for (let i = at; i < Math.min(at + 64, hidden.length); i += 1) hidden[i] ^= stream[i - at];
  }
  const padding = new Uint8Array((16 - (hidden.length % 16)) % 16);
  const sizes = join(little(0n, 8), little(BigInt(hidden.length), 8));
  return join(hidden, poly1305(block(key, nonce, 0).subarray(0, 32), join(hidden, padding, sizes)));
};

const BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

// The 32 bytes of an age1… recipient; the server has checked it before the seal.
const recipient = (text) => {
  const values = Array.from(text.slice(4, -6), (char) => BECH32.indexOf(char));
  const whole = values.reduce((sum, value) => (sum << 5n) | BigInt(value), 0n) >> BigInt((values.length * 5) % 8);
  return little(whole, 32).reverse();
};

const base64 = (data) => btoa(String.fromCharCode(...data)).replace(/=+$/, "");

export const seal = (text, custodian, random) => {
  const to = recipient(custodian);
  const [fileKey, own, nonce] = [random(16), random(32), random(16)];
  const share = x25519(own, NINE);
  const wrap = hkdf(x25519(own, to), join(share, to), "age-encryption.org/v1/X25519");
  const header = `age-encryption.org/v1\n-> X25519 ${base64(share)}\n${base64(encrypt(wrap, new Uint8Array(12), fileKey))}\n---`;
  const mac = hmac(hkdf(fileKey, new Uint8Array(0), "header"), bytes(header));
  const last = new Uint8Array(12);
  last[11] = 1;
  const body = encrypt(hkdf(fileKey, nonce, "payload"), last, bytes(text));
  return join(bytes(`${header} ${base64(mac)}\n`), nonce, body);
};
