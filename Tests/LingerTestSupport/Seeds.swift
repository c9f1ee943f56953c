import Foundation

/// Where random tests start: another place each run, printed, and set again by `LINGER_SEED`.
package struct Seeds {
  package let first: UInt64

  /// The seed of `LINGER_SEED`, else one of the clock; prints it with what it is for.
  package init(for purpose: String) {
    let environment = ProcessInfo.processInfo.environment["LINGER_SEED"]
    first = environment.flatMap { UInt64($0) } ?? UInt64.random(in: 0..<1_000_000_000)
    print("\(purpose): LINGER_SEED=\(first)")
  }

  /// The same seeds in every run.
  package init(from first: UInt64) { self.first = first }

  /// The seed of the n-th random thing of a run; a failure prints it.
  package func seed(_ number: Int) -> UInt64 { first &+ UInt64(number) }
}
