/// How a trace of an implementation stands to the spec.
package enum TraceVerdict: String, Hashable, Sendable, CaseIterable {
  case conforms
  case violates
  case inconclusive
  case unknown
}
