package import LingerReport

/// Why a spec cannot be held against an implementation, or a run of it not be exported.
package enum UnusableSpec: Error {
  /// It does not compile.
  case invalid(ReportedSpec)
  /// In words for a diagnostic.
  case unfit(String)
}
