// Maps that can be moved and looked at closer, by pointer, wheel and keyboard; and where a form asks for a place, that is
// chosen by a press. Without this script a map is a picture with links, and a place is typed.
"use strict";
for (const svg of document.querySelectorAll("svg[data-map]")) {
  const whole = svg.viewBox.baseVal;
  const full = { x: whole.x, y: whole.y, width: whole.width, height: whole.height };
  let view = { ...full };
  const own = "http://www.w3.org/2000/svg";
  const pick = "pick" in svg.dataset;
  const form = svg.closest("form");
  // A length that is easily read, at most a quarter of the picture.
  const bar = () => {
    const metres = Number(svg.dataset.latitude) * 111200;
    const most = (view.width / 4) * metres;
    let length = 10;
    for (let n = 0; length * [2, 2.5, 2][n % 3] <= most && length < 1e7; n += 1) length *= [2, 2.5, 2][n % 3];
    const figure = svg.closest("figure");
    const units = (length / metres) * (full.width / view.width);
    figure.querySelector(".scale path").setAttribute("d", `M1 0V10H${units}V0`);
    const [value, unit] = length < 1000 ? [length, "m"] : [length / 1000, "km"];
    figure.querySelector(".far").textContent = `${new Intl.NumberFormat(document.documentElement.lang).format(value)} ${unit}`;
  };
  const show = () => {
    svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
    // Pins and letters keep their size on the screen, whatever the map's.
    const k = view.width / (svg.getBoundingClientRect().width || full.width);
    for (const still of svg.querySelectorAll("[data-still]")) still.setAttribute("transform", `scale(${k})`);
    bar();
    aim?.setAttribute("transform", `translate(${view.x + view.width / 2} ${view.y + view.height / 2}) scale(${k})`);
  };
  const move = (x, y) => {
    const limit = (value, size, all) => Math.min(Math.max(value, -all), 2 * all - size);
    view.x = limit(x, view.width, full.width);
    view.y = limit(y, view.height, full.height);
    show();
  };
  const zoom = (by, x = view.x + view.width / 2, y = view.y + view.height / 2) => {
    const width = Math.min(Math.max(view.width * by, full.width / 40), full.width * 3);
    const real = width / view.width;
    view.width = width;
    view.height *= real;
    move(x - (x - view.x) * real, y - (y - view.y) * real);
  };
  const point = (event) => {
    const box = svg.getBoundingClientRect();
    return [view.x + ((event.clientX - box.left) / box.width) * view.width, view.y + ((event.clientY - box.top) / box.height) * view.height];
  };
  let aim = null;
  if (pick) {
    aim = document.createElementNS(own, "path");
    aim.setAttribute("class", "aim");
    aim.setAttribute("d", "M-14 0H-4M4 0H14M0-14V-4M0 4V14");
    aim.setAttribute("visibility", "hidden");
    svg.append(aim);
    svg.addEventListener("focus", () => aim.setAttribute("visibility", "visible"));
    svg.addEventListener("blur", () => aim.setAttribute("visibility", "hidden"));
  }
  const put = (x, y) => {
    const set = (name, value) => {
      const field = form.elements[name];
      field.value = value.toFixed(5);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const { west, north, longitude, latitude } = svg.dataset;
    set("place.latitude", Number(north) - y * Number(latitude));
    set("place.longitude", Number(west) + x * Number(longitude));
    let here = svg.querySelector(".pin.here");
    if (!here) {
      here = document.createElementNS(own, "g");
      here.setAttribute("class", "pin here");
      const still = document.createElementNS(own, "g");
      still.dataset.still = "";
      const circle = document.createElementNS(own, "circle");
      circle.setAttribute("r", "8");
      still.append(circle);
      here.append(still);
      svg.append(here);
    }
    here.setAttribute("transform", `translate(${x} ${y})`);
    show();
  };
  svg.tabIndex = 0;
  svg.classList.add("live");
  addEventListener("resize", show);
  const keys = document.createElement("div");
  keys.className = "keys";
  for (const [sign, name, by] of [["+", svg.dataset.nearer, 0.6], ["−", svg.dataset.farther, 1 / 0.6]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = sign;
    button.setAttribute("aria-label", name);
    button.addEventListener("click", () => zoom(by));
    keys.append(button);
  }
  svg.after(keys);
  svg.addEventListener("keydown", (event) => {
    if (event.target !== svg || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = view.width / 8;
    const acts = {
      ArrowLeft: () => move(view.x - step, view.y), ArrowRight: () => move(view.x + step, view.y),
      ArrowUp: () => move(view.x, view.y - step), ArrowDown: () => move(view.x, view.y + step),
      "+": () => zoom(0.6), "=": () => zoom(0.6), "-": () => zoom(1 / 0.6), 0: () => ((view = { ...full }), show()),
    };
    if (pick) acts.Enter = () => put(view.x + view.width / 2, view.y + view.height / 2);
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  // The wheel scrolls the page unless a key says that the map is meant.
  svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 0.8 : 1.25, ...point(event));
  }, { passive: false });
  let from = null, dragged = false;
  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    from = { x: event.clientX, y: event.clientY, view: { ...view } };
    dragged = false;
  });
  addEventListener("pointermove", (event) => {
    if (!from) return;
    const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
    if (!dragged && Math.hypot(dx, dy) < 5) return;
    dragged = true;
    const k = view.width / svg.getBoundingClientRect().width;
    move(from.view.x - dx * k, from.view.y - dy * k);
  });
  addEventListener("pointerup", () => { from = null; });
  show();
  svg.addEventListener("click", (event) => {
    if (dragged) {
      event.preventDefault();
      dragged = false;
    } else if (pick && !event.target.closest("a")) put(...point(event));
  });
}
// A plan: a stop is chosen, then its place is pressed.
for (const svg of document.querySelectorAll("svg[data-plan]")) {
  const form = svg.closest("form");
  const box = svg.viewBox.baseVal;
  const mark = (slug) => svg.querySelector(`[data-mark="${slug}"]`);
  const draw = (slug) => {
    const [x, y] = ["x", "y"].map((axis) => Number(form.elements[`mark.${slug}.${axis}`].value.replace(",", ".")));
    const there = form.elements[`mark.${slug}.x`].value !== "" && form.elements[`mark.${slug}.y`].value !== "";
    mark(slug).toggleAttribute("hidden", !there);
    mark(slug).setAttribute("transform", `translate(${(x / 100) * box.width} ${(y / 100) * box.height})`);
  };
  form.addEventListener("input", (event) => {
    const slug = /^mark\.(.+)\.[xy]$/.exec(event.target.name ?? "")?.[1];
    if (slug) draw(slug);
  });
  svg.addEventListener("click", (event) => {
    const slug = form.querySelector("[name=chosen]:checked")?.value;
    if (!slug) return;
    const area = svg.getBoundingClientRect();
    for (const [axis, part] of [["x", (event.clientX - area.left) / area.width], ["y", (event.clientY - area.top) / area.height]]) {
      form.elements[`mark.${slug}.${axis}`].value = (Math.min(Math.max(part, 0), 1) * 100).toFixed(1);
    }
    form.elements[`mark.${slug}.x`].dispatchEvent(new Event("input", { bubbles: true }));
  });
}
