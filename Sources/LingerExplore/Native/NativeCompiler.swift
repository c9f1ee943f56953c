import LingerKernel
package import LingerModel

/// Makes native code of C text. The command line's: it runs a compiler.
package protocol NativeCompiler: Sendable {
  /// Whether the exploration waits for native code, from the first state on.
  var isRequired: Bool { get }
  /// Begins to compile; returns at once. The code must know the stamp.
  func begin(_ text: String, stamp: UInt64) -> any NativeBuild
  /// Says why a model has no native code.
  func decline(_ reason: String)
}

/// A compilation that runs, or has ended.
package protocol NativeBuild: Sendable {
  /// The code, once it is there; nil before, and where there will be none.
  var function: NativeFunction? { get }
  /// Waits for the end, or of the budget, whose reason it gives.
  func wait(_ budget: Budget) -> UndecidedReason?
  /// Ends it: nobody asks any more.
  func end()
}

/// The native code of one exploration, from the wish to the function.
struct NativeSession {
  private let compiler: any NativeCompiler
  private let hasEdges: Bool
  private let wantsStuck: Bool
  private var build: (any NativeBuild)?
  private(set) var text: NativeText?
  private var isDeclined = false

  /// Whether it is used from the first state on.
  var isRequired: Bool { compiler.isRequired && !isDeclined }

  /// A search that ends with fewer states than this has no use of a compiler.
  private static let fewStates = 1 << 14

  init(_ compiler: any NativeCompiler, _ observations: Observations) {
    self.compiler = compiler
    hasEdges = observations.needsEdges
    wantsStuck = observations.wantsStuck
  }

  /// The code, if it is there; begins to compile it once that is worth it.
  mutating func function(
    _ layout: StateLayout,
    _ kernel: @autoclosure () -> StepKernel,
    states: Int,
    _ budget: Budget,
    _ stop: StopCheck
  ) -> NativeFunction? {
    if build == nil, !isDeclined, states >= Self.fewStates || compiler.isRequired {
      begin(layout, kernel())
      if compiler.isRequired, let reason = build?.wait(budget) { stop.end(reason) }
    }
    return build?.function
  }

  private mutating func begin(_ layout: StateLayout, _ kernel: StepKernel) {
    do throws(NativeText.Unsupported) {
      let text = try NativeText(layout, kernel, hasEdges: hasEdges, wantsStuck: wantsStuck)
      self.text = text
      build = compiler.begin(text.text, stamp: text.stamp)
    } catch {
      isDeclined = true
      compiler.decline(error.reason)
    }
  }

  func end() { build?.end() }
}
