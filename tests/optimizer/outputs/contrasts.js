// WCAG 2.2, 1.4.3: the contrast of every visible text of a selector with its own ground, as the browser computed them.
(selector) => {
  const channels = (colour) => colour.match(/[0-9.]+/g).map(Number);
  const linear = (channel) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4);
  const luminance = (colour) => {
    const [red, green, blue] = channels(colour).slice(0, 3).map((channel) => linear(channel / 255));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (channels(colour).length < 4 || channels(colour)[3] === 1) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const contrast = (element) => {
    const pair = [luminance(getComputedStyle(element).color), luminance(ground(element))];
    return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
  };
  const visible = Array.from(document.querySelectorAll(selector)).filter((element) => element.offsetParent);
  return visible.map((element) => [contrast(element), element.className + ' ' + element.textContent.slice(0, 30)]);
}
