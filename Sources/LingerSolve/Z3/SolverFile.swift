private import CZ3

/// The file that Z3 is loaded from.
package enum SolverFile {
  /// Why Z3 cannot be used: it is missing, or lacks a function; nil where it is loaded.
  ///
  /// The first use loads it, once for the process.
  package static let problem: String? = unsafe cz3_load().map { unsafe String(cString: $0) }

  /// Chooses another file than the system's; only before the first use of Z3.
  package static func choose(_ path: String) { unsafe cz3_choose(path) }
}
