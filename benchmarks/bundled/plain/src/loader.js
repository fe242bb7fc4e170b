export const addScript = (url) => {
  const element = document.createElement("script");
  element.async = true;
  element.src = url;
  document.head.appendChild(element);
};
