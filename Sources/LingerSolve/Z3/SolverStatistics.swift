internal import CZ3

/// Z3's counters after a check.
package struct SolverStatistics: Sendable {
  /// Name and value, sorted by name.
  package let entries: [(name: String, value: Double)]

  init(_ object: borrowing Z3Object) throws(Z3Error) {
    let (context, pointer) = unsafe (object.context, object.pointer)
    let count = unsafe try context.call("read statistics") { unsafe Z3_stats_size($0, pointer) }
    var entries: [(name: String, value: Double)] = []
    for index in 0..<count {
      let name = unsafe try context.text("read statistics") {
        unsafe Z3_stats_get_key($0, pointer, index)
      }
      let value = unsafe try context.call("read statistics") { raw in
        unsafe Z3_stats_is_uint(raw, pointer, index)
          ? Double(Z3_stats_get_uint_value(raw, pointer, index))
          : Z3_stats_get_double_value(raw, pointer, index)
      }
      // Spaces become dashes, as where Z3 prints statistics itself.
      entries.append((String(name.map { $0 == " " ? "-" : $0 }), value))
    }
    self.entries = entries.sorted { $0.name < $1.name }
  }

  package subscript(name: String) -> Double? {
    entries.first { $0.name == name }?.value
  }

  /// The units of ``SolverLimits/resourceUnits`` that the context has spent in its life.
  package var resourceCount: Int { self["rlimit-count"].map { Int($0) } ?? 0 }
}
