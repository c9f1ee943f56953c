/// How much one check may take.
package struct SolverLimits: Hashable, Sendable {
  /// Wall-clock time; the answer then depends on the machine.
  package var timeoutMilliseconds: Int?
  /// Z3's own unit of work (`rlimit`): the same check stops at the same place everywhere.
  package var resourceUnits: Int?

  package static let none = SolverLimits()

  package init(timeoutMilliseconds: Int? = nil, resourceUnits: Int? = nil) {
    self.timeoutMilliseconds = timeoutMilliseconds
    self.resourceUnits = resourceUnits
  }

  /// The time as Z3 takes it: its largest number means "no limit", and 0 would too.
  var timeoutOption: UInt32 {
    timeoutMilliseconds.map { UInt32(min(max(1, $0), Int(UInt32.max) - 1)) } ?? .max
  }

  /// The work as Z3 takes it: 0 means "no limit".
  var resourceOption: UInt32 {
    resourceUnits.map { UInt32(min(max(1, $0), Int(UInt32.max) - 1)) } ?? 0
  }
}
