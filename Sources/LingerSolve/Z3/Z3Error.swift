/// A failure of the solver library, as opposed to an answer.
///
/// Running into a limit or being interrupted during a check is an answer, ``UnknownReason``.
package enum Z3Error: Error, Hashable, Sendable {
  /// There is no library to load.
  case libraryMissing(String)
  /// The loaded library's enumerations may differ from the header's this program was built with.
  case versionMismatch(loaded: LibraryVersion, header: LibraryVersion)
  /// A call was refused because the context's ``SolverInterrupter`` has fired.
  case interrupted
  /// Z3 reports an error of its own, for example that memory ran out.
  case failure(code: Int, message: String, operation: String)
  /// A model gives a real number that is not a fraction; linear formulas have no such model.
  case irrational(String)
  /// A formula contains a term that is neither Boolean nor a number, for example an array.
  case unsupportedSort(String)
}

extension Z3Error: CustomStringConvertible {
  package var description: String {
    switch self {
    case .libraryMissing(let reason): "the Z3 library cannot be loaded: \(reason)"
    case .versionMismatch(let loaded, let header):
      "the Z3 library is version \(loaded), but this program was built for \(header)"
    case .interrupted: "interrupted"
    case .failure(let code, let message, let operation):
      "Z3 failed to \(operation): \(message) (error \(code))"
    case .irrational(let text): "Z3 gave a number that is not a fraction: \(text)"
    case .unsupportedSort(let text): "Z3 gave a term that is neither Bool, Int nor Real: \(text)"
    }
  }
}
