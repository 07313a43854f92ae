// Figures: medians, and how they are written.

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Three digits that mean something, thousands set apart. */
export function digits(value) {
  if (!Number.isFinite(value)) return "–";
  const places = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", { minimumFractionDigits: places, maximumFractionDigits: places });
}

export const times = (ratio) => `${digits(ratio)} ×`;

/** Median, and from where to where. */
export const spread = (values, unit = "") => `${digits(median(values))}${unit} (${digits(Math.min(...values))}–${digits(Math.max(...values))})`;

/** How `pairs` of figures, each measured one after the other, stand to each other: the median of their ratios. */
export const ratio = (mine, reference) => median(mine.map((value, n) => value / reference[n]));

/** A row of a report for a figure that is not to be above `limit`, or not below it; `named`: the limit in words. */
export const atMost = (what, value, figure, limit, named) =>
  ({ what, value, reference: named, ratio: figure / limit, target: "≤ 1", good: figure <= limit });
export const atLeast = (what, value, figure, limit, named) =>
  ({ what, value, reference: named, ratio: figure / limit, target: "≥ 1", good: figure >= limit });
