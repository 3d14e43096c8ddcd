// The share of a person in a draw (随机份额): made, kept and opened on this device alone.
// The server gets the commitment first and the share only when the share is opened. Without this file, or
// without localStorage, the page's plain forms let the server make the share for this device's cookie.
// SHA-256 is written out here because crypto.subtle does not exist on http.

const K = new Uint32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);

const turn = (x, n) => (x >>> n) | (x << (32 - n));

// FIPS 180-4; text of ASCII characters in, 64 hex digits out.
export const sha256 = (text) => {
  const size = text.length;
  const blocks = ((size + 8) >> 6) + 1;
  const words = new Uint32Array(blocks * 16);
  for (let i = 0; i < size; i += 1) words[i >> 2] |= text.charCodeAt(i) << (24 - (i % 4) * 8);
  words[size >> 2] |= 0x80 << (24 - (size % 4) * 8);
  words[words.length - 1] = size * 8;
  const h = new Uint32Array([
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
  ]);
  const w = new Uint32Array(64);
  for (let start = 0; start < words.length; start += 16) {
    w.set(words.subarray(start, start + 16));
    for (let t = 16; t < 64; t += 1) {
      const s0 = turn(w[t - 15], 7) ^ turn(w[t - 15], 18) ^ (w[t - 15] >>> 3);
      const s1 = turn(w[t - 2], 17) ^ turn(w[t - 2], 19) ^ (w[t - 2] >>> 10);
      w[t] = w[t - 16] + s0 + w[t - 7] + s1;
    }
    let [a, b, c, d, e, f, g, i] = h;
    for (let t = 0; t < 64; t += 1) {
      const one = (i + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[t] + w[t]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      i = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    [a, b, c, d, e, f, g, i].forEach((value, place) => { h[place] += value; });
  }
  return Array.from(h, (word) => word.toString(16).padStart(8, "0")).join("");
};

const hex = (size) =>
  Array.from(crypto.getRandomValues(new Uint8Array(size)), (byte) => byte.toString(16).padStart(2, "0")).join("");

const place = document.getElementById("draw-device");
const draw = place ? place.dataset : {};
const key = `vdraw:${draw.draw}:${draw.source}`;

// Shares are kept in this browser; a browser that keeps nothing leaves the work to the server's cookie.
const keeps = () => {
  try {
    localStorage.setItem("vdraw", "1");
    localStorage.removeItem("vdraw");
    return draw.suite === "sha256" && typeof crypto !== "undefined" && Boolean(crypto.getRandomValues);
  } catch (error) {
    return false;
  }
};

const held = () => JSON.parse(localStorage.getItem(key) || "null");

const commitment = () => {
  const share = held() || { salt: hex(16), share: hex(32) };
  localStorage.setItem(key, JSON.stringify(share));
  return sha256(
    `vdraw/1 commit\nseal ${draw.seal}\nsource ${draw.source}\nsalt ${share.salt}\nshare ${share.share}\n`,
  );
};

const say = (text) => {
  const note = document.getElementById("device-note");
  if (note) note.textContent = text;
};

const post = async (address, values) => {
  const token = document.querySelector("#device-form input[name=csrfmiddlewaretoken]").value;
  const body = new URLSearchParams({ csrfmiddlewaretoken: token, ...values });
  const answer = await fetch(address, { method: "POST", body, credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
};

const act = async () => {
  if (draw.need === "commit") {
    say("正在本机产生并锁定随机份额");
    await post(draw.commit, { commitment: commitment() });
  } else if (draw.need === "reveal") {
    say("正在开启本机的随机份额");
    await post(draw.reveal, held() || {});
  } else {
    return;
  }
  window.location.reload();
};

if (place && keeps()) {
  document.querySelectorAll("form[data-device] input[name=device]").forEach((box) => { box.value = "1"; });
  document.querySelectorAll("form[data-lock]").forEach((form) => {
    form.addEventListener("submit", () => {
      form.querySelector("input[name=commitment]").value = commitment();
    });
  });
  const reveal = document.getElementById("reveal-form");
  if (reveal && held()) {
    reveal.querySelector("input[name=salt]").value = held().salt;
    reveal.querySelector("input[name=share]").value = held().share;
  }
  act().catch(() => { say("没有成功。随机份额保存在锁定时使用的那台设备上；请在那台设备上打开本页，或按上面的按钮重试"); });
}
