import LingerDrive
public import Testing

/// How implementations are driven: set by traits on a test or a suite.
@usableFromInline
package struct ConformanceSettings: Sendable {
  package var runs = 1000
  package var steps = 40
  package var threads = 1
  package var seed: UInt64 = 1
  package var faults: NetworkFaults = .network
  package var profile: String?
  package var parameters: [(name: String, value: String)] = []

  package init() {}

  @TaskLocal static var current = ConformanceSettings()
}

/// What may go wrong around a subject, each where the spec's network does it.
public struct NetworkFaults: OptionSet, Sendable {
  /// What drives the subject has the faults; these are their names for those who write tests.
  let faults: Faults

  private init(_ faults: Faults) { self.faults = faults }

  /// The faults of some bits.
  public init(rawValue: Int) { faults = Faults(rawValue: rawValue) }

  /// A bit for each fault.
  public var rawValue: Int { faults.rawValue }

  /// Messages are lost.
  public static let loss = NetworkFaults(.loss)
  /// Messages arrive more than once.
  public static let duplication = NetworkFaults(.duplication)
  /// Messages overtake each other.
  public static let reordering = NetworkFaults(.reordering)
  /// Messages come that no party sent.
  public static let forgery = NetworkFaults(.forgery)
  /// Loss, duplication and reordering.
  public static let network = NetworkFaults(.network)
}

/// Changes how the implementations of a test or a suite are driven.
public struct ConformanceTrait: TestTrait, SuiteTrait, TestScoping {
  let change: @Sendable (inout ConformanceSettings) -> Void

  /// A suite's trait holds for its tests.
  public var isRecursive: Bool { true }

  /// Runs a test under the settings that are changed.
  public func provideScope(
    for test: Test,
    testCase: Test.Case?,
    performing function: @Sendable () async throws -> Void
  ) async throws {
    var settings = ConformanceSettings.current
    change(&settings)
    try await ConformanceSettings.$current.withValue(settings, operation: function)
  }
}

extension Trait where Self == ConformanceTrait {
  /// How many runs.
  public static func runs(_ count: Int) -> Self { Self { $0.runs = count } }
  /// Longest run, in moves.
  public static func steps(_ count: Int) -> Self { Self { $0.steps = count } }
  /// How many subjects are driven at once, each on a thread of its own; what is found does not
  /// depend on it. One unless this says more, for subjects whose code is not made for threads.
  public static func threads(_ count: Int) -> Self { Self { $0.threads = max(1, count) } }
  /// What everything random follows from.
  public static func seed(_ seed: UInt64) -> Self { Self { $0.seed = seed } }
  /// What goes wrong around the subject.
  public static func faults(_ faults: NetworkFaults) -> Self { Self { $0.faults = faults } }
  /// The profile whose parameter values are taken.
  public static func profile(_ name: String) -> Self { Self { $0.profile = name } }
  /// A parameter of the spec, as a spec would write it.
  public static func parameter(_ name: String, _ value: String) -> Self {
    Self { $0.parameters.append((name, value)) }
  }
}
