const scheme = "https:" + "//";
const domain = (sub, name) => `${sub}.${name}`;
export const HOSTS = Object.freeze({
  google: scheme + ["www", "googletagmanager", "com"].join("."),
  meta: scheme + domain("connect", "facebook.net"),
  tiktok: atob("aHR0cHM6Ly9hbmFseXRpY3MudGlrdG9rLmNvbQ=="),
});
export const path = (host, rest) => host + "/" + rest;
export const pixel = (id, event) => `${scheme}www.facebook.com/tr?id=${id}&ev=${event}`;
