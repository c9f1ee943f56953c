import LingerEval
import LingerExplore
import LingerModel
import LingerReport

/// What a simulation is asked to do.
package struct SimulationOptions: Sendable {
  package var seed: UInt64
  package var walks: Int
  package var maximumSteps: Int
  /// Asked before each step; a reason ends the simulation.
  package var shouldStop: @Sendable () -> String?

  package init(
    seed: UInt64,
    walks: Int,
    maximumSteps: Int,
    shouldStop: @escaping @Sendable () -> String? = { nil }
  ) {
    self.seed = seed
    self.walks = walks
    self.maximumSteps = maximumSteps
    self.shouldStop = shouldStop
  }
}

/// What random walks found: the first mistake, or the first walk.
package struct Simulation: Sendable {
  let specification: Specification
  private var walk: RandomWalk?
  /// The seed of the walk that is shown.
  private var seed: UInt64
  private var walkCount = 0
  private var stepCount = 0
  /// Why it stopped early.
  private var interruption: String?
  /// How many of the walk's steps are shown, where it has more.
  private var shownSteps: Int?
  /// A mistake of ours: the evaluator does not have a step that was taken.
  private var internalError: String?

  /// Walk number n has the seed plus n, so that any of them can be had again by itself.
  fileprivate init(_ specification: Specification, _ options: SimulationOptions) {
    self.specification = specification
    seed = options.seed
    guard let model = specification.model else { return }
    var walks = RandomWalks(model, shouldStop: options.shouldStop)
    var shown: RandomWalks.Walk?
    for number in 0..<max(options.walks, 1) {
      interruption = options.shouldStop()
      if interruption != nil { break }
      let seed = options.seed &+ UInt64(number)
      let next = walks.walk(seed: seed, maximumSteps: options.maximumSteps)
      walkCount += 1
      stepCount += next.stepCount
      if shown == nil || next.isViolation {
        shown = next
        self.seed = seed
      }
      if case .stopped = next.end { interruption = options.shouldStop() ?? "stopped" }
      if next.isViolation || interruption != nil { break }
    }
    guard let shown else { return }
    let most = interruption == nil ? Self.mostShown : Self.mostShownWhenStopped
    let count = shown.isViolation ? shown.stepCount : min(shown.stepCount, most)
    if count < shown.stepCount { shownSteps = count }
    switch walks.shown(shown, atMost: count) {
    case .success(let walk): self.walk = walk
    case .failure(let failure):
      internalError = "step \(failure.index + 1) of the walk cannot be run again: \(failure.reason)"
    }
  }

  /// Of a longer walk that found nothing only so many steps are shown and saved.
  private static let mostShown = 10_000
  /// Running steps again on the evaluator takes time, which who stops it does not want to wait.
  private static let mostShownWhenStopped = 1000

  /// The walk that is shown, ready to be replayed.
  package var savedTrace: String? {
    guard let context = specification.context, let walk else { return nil }
    return TraceFile(walk.trace, of: context, property: walk.end.property(in: context.model)).text
  }

  /// 0 nothing wrong was met, 1 a walk found a violation, 2 the spec has errors, 3 it was stopped,
  /// 70 a walk cannot be run again.
  package var exitCode: Int32 {
    guard specification.isValid else { return 2 }
    if internalError != nil { return 70 }
    if walk?.isViolation == true { return 1 }
    return interruption == nil ? 0 : 3
  }

  /// The walk that is shown, and how it went; of a spec with errors nothing.
  package func text(style: ReportStyle) -> String {
    guard let context = specification.context else { return "" }
    let glyphs = style.textStyle.glyphs
    if let internalError { return "\(glyphs.unknown) internal error: \(internalError)\n" }
    guard let walk else { return "\(glyphs.unknown) no walk was made: \(interruption ?? "")\n" }
    let chart = SequenceChart(
      walk.trace,
      in: context.text,
      envelope: walk.end.envelope,
      style: style.textStyle
    )
    let mark =
      walk.isViolation ? glyphs.violated : interruption == nil ? glyphs.holds : glyphs.unknown
    let end = walk.end.text(in: context)
    var summary = "\(count(walkCount, "walk")), \(count(stepCount, "step")), seed \(seed): \(end)"
    if let shownSteps { summary += "; its first \(count(shownSteps, "step")) are shown" }
    if let interruption { summary += " (\(interruption))" }
    return "\(chart.render())\n\(mark) \(summary)\n"
  }

  package func json(exitCode: Int32) -> String {
    let context = specification.context
    let run = context.flatMap { context in
      walk.map { (end: $0.end.text(in: context), trace: JSONReport.trace($0.trace, of: context)) }
    }
    return JSONValue.members([
      "format": .string("linger-simulation"), "version": .integer(1),
      "path": .string(specification.path), "seed": .string("\(seed)"),
      "walks": .integer(walkCount), "steps": .integer(stepCount),
      "exitCode": .integer(Int(exitCode)), "end": .optional(run?.end),
      "interruption": .optional(interruption), "shownSteps": shownSteps.map { .integer($0) },
      "trace": run?.trace,
      "diagnostics": specification.isValid
        ? nil : JSONDiagnostics.encode(specification.diagnostics, in: specification.sources),
    ]).text
  }
}

extension Specification {
  /// Walks at random until a mistake is found or every walk is made.
  package func simulate(_ options: SimulationOptions) -> Simulation { Simulation(self, options) }
}

extension RandomWalk.End {
  fileprivate func text(in context: ReportContext) -> String {
    switch self {
    case .stuck: "the walk is stuck: nothing leads on and the state is not final"
    case .final: "the walk ended in a final state"
    case .error(let error): "the walk ended in an error: \(error.message)"
    case .invariantViolated(let number):
      "invariant '\(context.model.properties[number].name)' is violated"
    case .unspecifiedReception(let envelope):
      "nothing takes \(context.text.value(envelope.message)) at "
        + context.text.instance(envelope.receiver)
    case .limit: "the walk went on to its last allowed step"
    case .stopped: "the walk was stopped"
    }
  }

  fileprivate var envelope: Envelope? {
    if case .unspecifiedReception(let envelope) = self { envelope } else { nil }
  }

  fileprivate func property(in model: Model) -> String? {
    switch self {
    case .stuck: Question.deadlock.name(in: model)
    case .error: Question.specErrors.name(in: model)
    case .invariantViolated(let number): model.properties[number].name
    case .unspecifiedReception: Question.unspecifiedReception.name(in: model)
    case .final, .limit, .stopped: nil
    }
  }
}
