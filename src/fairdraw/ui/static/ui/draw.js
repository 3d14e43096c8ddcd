// The share of a person in a draw (随机份额): made, kept and opened on this device alone.
// The server gets the commitment and a sealed envelope for the custodian first, and the share only when it is
// opened. Without this file, or in a browser that keeps nothing, the page's plain forms let the server make the
// share for this device's cookie.
import { seal } from "./age.js";
import { bytes, hex, sha256 } from "./hash.js";

const random = (size) => crypto.getRandomValues(new Uint8Array(size));
const place = document.getElementById("draw-device");
const draw = place ? place.dataset : {};
const key = `vdraw:${draw.draw}:${draw.source}`;

const keeps = () => {
  try {
    localStorage.setItem("vdraw", "1");
    localStorage.removeItem("vdraw");
    return draw.suite === "sha256" && typeof crypto !== "undefined" && typeof BigInt !== "undefined";
  } catch (error) {
    return false;
  }
};

const held = () => JSON.parse(localStorage.getItem(key) || "null");

// What is locked in: the commitment, and the same text sealed for the custodian.
const locked = () => {
  const share = held() || { salt: hex(random(16)), share: hex(random(32)) };
  localStorage.setItem(key, JSON.stringify(share));
  const text = `vdraw/1 commit\nseal ${draw.seal}\nsource ${draw.source}\nsalt ${share.salt}\nshare ${share.share}\n`;
  const envelope = draw.custodian ? btoa(String.fromCharCode(...seal(text, draw.custodian, random))) : "";
  return { commitment: hex(sha256(bytes(text))), envelope };
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
    await post(draw.commit, locked());
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
      const made = locked();
      form.querySelector("input[name=commitment]").value = made.commitment;
      form.querySelector("input[name=envelope]").value = made.envelope;
    });
  });
  const reveal = document.getElementById("reveal-form");
  if (reveal && held()) {
    reveal.querySelector("input[name=salt]").value = held().salt;
    reveal.querySelector("input[name=share]").value = held().share;
  }
  act().catch(() => { say("没有成功。随机份额保存在锁定时使用的那台设备上；请在那台设备上打开本页，或按上面的按钮重试"); });
}
