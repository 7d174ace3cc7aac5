// Texts of charts that stick out of their drawing or lie on another text of it, by more than a pixel.
() => {
  const wrong = [];
  for (const svg of document.querySelectorAll('svg')) {
    const frame = svg.getBoundingClientRect();
    const texts = Array.from(svg.querySelectorAll('text')).filter((text) => text.textContent);
    const boxes = texts.map((text) => [text.textContent, text.getBoundingClientRect()]);
    for (const [words, box] of boxes) {
      const isOut = box.left < frame.left - 1 || box.right > frame.right + 1;
      if (isOut || box.top < frame.top - 1 || box.bottom > frame.bottom + 1) wrong.push('cut: ' + words);
    }
    boxes.forEach(([a, p], i) => boxes.slice(i + 1).forEach(([b, q]) => {
      const wide = Math.min(p.right, q.right) - Math.max(p.left, q.left);
      const high = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
      if (wide > 1 && high > 1) wrong.push(`overlap: ${a} | ${b}`);
    }));
  }
  return wrong;
}
