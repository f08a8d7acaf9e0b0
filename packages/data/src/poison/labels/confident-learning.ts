/** What labels are given, and what a model that has not seen them says. */
export interface Judged {
  readonly labels: Int32Array;
  readonly classes: number;
  /** Rows × classes, each row sums to 1. */
  readonly chances: Float64Array;
}

export interface Joint {
  /** Classes × classes, row-major: the share of rows with a label (row) that belong to a class (column); sums to 1. */
  readonly shares: Float64Array;
  /** For each row the class that it is taken to belong to, -1 where the model is sure of none. */
  readonly believed: Int32Array;
}

/**
 * The joint distribution of given and true labels. A row counts for the class of which the model is surer than it is, on average, of rows
 * with that label; of several, for the likeliest. The counts of each given label are then scaled to how often it is given.
 * C. G. Northcutt, L. Jiang, I. L. Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels" (JAIR 70, 2021), section 3.1.
 */
export function confidentJoint({ labels, classes, chances }: Judged): Joint {
  const thresholds = selfConfidence({ labels, classes, chances });
  const believed = Int32Array.from(labels, (given, row) => {
    if (given < 0) return -1;
    let best = -1;
    for (let label = 0; label < classes; label += 1) {
      const chance = chances[row * classes + label] as number;
      const isSure = chance >= (thresholds[label] as number) - 1e-9;
      if (isSure && (best < 0 || chance > (chances[row * classes + best] as number))) best = label;
    }
    return best;
  });
  const counts = new Float64Array(classes * classes);
  const given = new Float64Array(classes);
  for (const [row, label] of labels.entries()) {
    if (label < 0) continue;
    given[label] = (given[label] ?? 0) + 1;
    const to = believed[row] ?? -1;
    if (to >= 0) counts[label * classes + to] = (counts[label * classes + to] ?? 0) + 1;
  }
  return { shares: scaled(counts, given), believed };
}

/** How sure the model is, on average, of a label that is given. */
function selfConfidence({ labels, classes, chances }: Judged): Float64Array {
  const [sums, counts] = [new Float64Array(classes), new Float64Array(classes)];
  for (const [row, label] of labels.entries()) {
    if (label < 0) continue;
    sums[label] = (sums[label] ?? 0) + (chances[row * classes + label] ?? 0);
    counts[label] = (counts[label] ?? 0) + 1;
  }
  return sums.map((sum, label) => sum / Math.max(1, counts[label] ?? 0));
}

function scaled(counts: Float64Array, given: Float64Array): Float64Array {
  const classes = given.length;
  const all = given.reduce((sum, count) => sum + count, 0);
  const shares = new Float64Array(counts.length);
  for (let label = 0; label < classes; label += 1) {
    const sum = counts.subarray(label * classes, (label + 1) * classes).reduce((one, other) => one + other, 0);
    for (let to = 0; to < classes; to += 1) {
      const share = sum === 0 ? Number(to === label) : (counts[label * classes + to] ?? 0) / sum;
      shares[label * classes + to] = all === 0 ? 0 : (share * (given[label] ?? 0)) / all;
    }
  }
  return shares;
}

/** How much likelier the likeliest other class is than the given one, from -1 to 1: the normalised margin, its sign turned. */
export function margins({ labels, classes, chances }: Judged): Float64Array {
  return Float64Array.from(labels, (given, row) => {
    if (given < 0) return -1;
    let best = 0;
    for (let label = 0; label < classes; label += 1) {
      if (label !== given) best = Math.max(best, chances[row * classes + label] as number);
    }
    return best - (chances[row * classes + given] as number);
  });
}
