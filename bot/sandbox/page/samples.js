// Things to send a bot that should refuse them: made here, so that nobody needs a file at hand.

const TYPES = { photo: "image/png", sticker: "image/webp", voice: "audio/ogg", video: "video/mp4" };
const NAMES = { photo: "photo.png", sticker: "sticker.webp", voice: "voice.ogg", video: "video.mp4" };

export async function sample(kind) {
  const blob = kind === "photo" ? await picture() : new Blob([new Uint8Array(2048)], { type: TYPES[kind] });
  return { blob, name: NAMES[kind] };
}

/** A page with lines on it: plainly a document somebody photographed. */
function picture() {
  const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 220 });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#cfd8e3";
  pen.fillRect(0, 0, 320, 220);
  pen.fillStyle = "#ffffff";
  pen.fillRect(70, 20, 180, 200);
  pen.fillStyle = "#c0392b";
  pen.fillRect(100, 42, 120, 12);
  pen.fillStyle = "#aab4c0";
  for (let line = 0; line < 8; line++) pen.fillRect(90, 76 + line * 16, line % 3 === 2 ? 90 : 140, 6);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}
