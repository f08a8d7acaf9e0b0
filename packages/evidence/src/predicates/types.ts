/** The predicate types that Holdfast writes and understands. */
export const predicateTypes = {
  /** SLSA provenance v1: a run of a stage. */
  run: 'https://slsa.dev/provenance/v1',
  /** What a check found. */
  check: 'https://holdfast.dev/check/v1',
  /** What a data set holds. */
  datasetProfile: 'https://holdfast.dev/dataset-profile/v1',
  /** Rows that were taken out of a data set because they are not trusted. */
  quarantine: 'https://holdfast.dev/quarantine/v1',
  /** What every column of a data set was made from, and how. */
  columnLineage: 'https://holdfast.dev/column-lineage/v1',
  /** Rows of a data set that may have been planted. */
  suspectRows: 'https://holdfast.dev/suspect-rows/v1',
  /** OpenSSF Model Signing v1. */
  modelSignature: 'https://model_signing/signature/v1.0',
  /** Somebody vouches for an artifact. */
  approval: 'https://holdfast.dev/approval/v1',
  /** An artifact, and what was made from it, must not be used any more. */
  withdrawal: 'https://holdfast.dev/withdrawal/v1',
  /** An artifact that is confidential was read, or was to be. */
  access: 'https://holdfast.dev/access/v1',
  /** A part of a gateway's log of requests. */
  requestLog: 'https://holdfast.dev/request-log/v1',
  /** A model began or ceased to be served. */
  serving: 'https://holdfast.dev/serving/v1',
  /** What a gateway sees of a model that it serves passed a bound. */
  gatewayAlert: 'https://holdfast.dev/gateway-alert/v1',
  /** How many callers of a route a candidate answers. */
  switch: 'https://holdfast.dev/switch/v1',
  /** An artifact may be installed on devices of a class. */
  release: 'https://holdfast.dev/release/v1',
  /** A gateway answers a caller in another way from now on. */
  gatewayResponse: 'https://holdfast.dev/gateway-response/v1',
  /** A gateway acts on more, or on fewer points than before. */
  gatewayTuning: 'https://holdfast.dev/gateway-tuning/v1',
  /** A key is granted roles, or loses them. */
  keyEvent: 'https://holdfast.dev/key-event/v1',
  /** SLSA verification summary v1: the decision of a gate. */
  decision: 'https://slsa.dev/verification_summary/v1',
} as const;
