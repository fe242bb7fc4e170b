export function emit({ name, data = {} }) {
  deliver(name, { ...data, at: Date.now() });
}
function deliver(name, properties) {
  if (name === "identify") window.mixpanel.identify(properties.email);
  else window.mixpanel.track(name, properties);
}
