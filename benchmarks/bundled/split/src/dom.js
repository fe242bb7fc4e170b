export const script = (src, done) => {
  const made = document.createElement("script");
  Object.assign(made, { async: true, src });
  made.onload = done;
  document.head.append(made);
};
export function image(src) {
  const shown = new Image(1, 1);
  shown.src = src;
}
