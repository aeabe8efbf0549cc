// Solves the puzzle that whoever sends many suggestions is asked for: a text so that the SHA-256 of
// `challenge:text` begins with so many zero bits. Written out here: `crypto.subtle` is asked for one digest at a
// time, takes twice as long for a quarter of a million of them, and is not there without HTTPS.
const K = [], H = [], part = (x) => ((x - Math.floor(x)) * 2 ** 32) | 0;
next: for (let n = 2; K.length < 64; n++) {
  for (let i = 2; i * i <= n; i++) if (n % i === 0) continue next;
  if (H.length < 8) H.push(part(n ** 0.5));
  K.push(part(n ** (1 / 3)));
}
const s = new Int32Array(64);

// The first 32 bits of the digest of an ASCII text.
function start(text) {
  const n = text.length, w = new Int32Array(((n + 72) >> 6) * 16);
  for (let i = 0; i < n; i++) w[i >> 2] |= text.charCodeAt(i) << (24 - (i & 3) * 8);
  w[n >> 2] |= 128 << (24 - (n & 3) * 8);
  w[w.length - 1] = n * 8;
  let state = H;
  for (let o = 0; o < w.length; o += 16) {
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      if (i < 16) s[i] = w[o + i];
      else {
        const x = s[i - 15], y = s[i - 2];
        s[i] = s[i - 16] + s[i - 7] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3)
          + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10);
      }
      const t = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + K[i] + s[i];
      const u = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c);
      h = g; g = f; f = e; e = (d + t) | 0; d = c; c = b; b = a; a = (t + u) | 0;
    }
    state = [a, b, c, d, e, f, g, h].map((x, i) => (x + state[i]) | 0);
  }
  return state[0];
}

export async function solve(challenge, bits) {
  for (let n = 0; ; n++) {
    const text = `${challenge}:${n}`;
    if (Math.clz32(start(text)) >= bits) return text;
    // The page stays alive meanwhile.
    if (n % 5000 === 4999) await new Promise((go) => setTimeout(go));
  }
}

const form = globalThis.document?.querySelector("form[data-puzzle]");
if (form) {
  const proof = form.elements.proof;
  addEventListener("pageshow", () => { proof.value = ""; });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = form.querySelector("[role=status]");
    if (said.textContent) return;
    said.textContent = form.dataset.puzzle;
    try {
      const puzzle = await (await fetch("/api/v1/suggestions/puzzle")).json();
      proof.value = await solve(puzzle.challenge, puzzle.bits);
    } catch {
      // Without a proof the form says what else helps.
    }
    said.textContent = "";
    form.submit();
  });
}
