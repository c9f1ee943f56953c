package import LingerExplore
package import LingerModel
package import LingerReport
import LingerSolve

/// Limits and interests of a check.
public struct CheckOptions: Sendable {
  /// Properties and audit checks to decide, by name; empty for all.
  public var properties: [String] = []
  /// Whether the search goes on when all of ``properties`` are decided.
  public var visitsAllStates = false
  /// Whether one state stands for all that differ in the names of `symmetric` instances alone.
  public var usesSymmetry = true
  /// Checks of the audit that are not wanted, by name, besides those that the spec leaves out.
  public var switchedOff: [String] = []
  /// Whether what takes an application that does not act counts as violated: the applications act.
  public var isStrict = false
  /// Locations of the control graph, above which a timed property is not taken on.
  public var locationLimit: Int?
  /// Whether proofs of timed properties are wanted as SMT-LIB 2 text, which takes time to write.
  public var wantsCertificates = false
  /// Timed invariants that proofs of others may rest on, by name; each is proved first.
  package var lemmas: [String] = []
  /// What decides timed properties; the verdicts do not depend on it, only how far it comes.
  package var timedEngine = TimedEngine.automatic
  /// Threads to use; what is found does not depend on it.
  public var threads = 1
  /// Whether wide states are stored in parts that they share: less memory, more work.
  public var compressesStates = false
  /// Makes native code of a spec's steps; nil for none. What is found does not depend on it.
  package var nativeCompiler: (any NativeCompiler)?
  /// What the check may take; the properties below are what users of the library know of it.
  package var budget = Budget.unlimited
  /// Told now and then how far the search is.
  public var progress: (@Sendable (CheckProgress) -> Void)?

  /// No limits, every property.
  public init() {}
}

extension CheckOptions {
  /// States that are visited at most.
  public var stateLimit: Int? {
    get { budget.states }
    set { budget.states = newValue }
  }

  /// Bytes of memory after which the search stops.
  public var memoryLimitBytes: Int? {
    get { budget.bytes }
    set { budget.bytes = newValue }
  }

  /// Asked now and then; a reason, such as a time limit, stops the search.
  public var shouldStop: @Sendable () -> String? {
    get { { [ask = budget.interruption] in ask()?.text } }
    set { budget.interruption = { newValue().map { .interrupted($0) } } }
  }

  /// Asked before much memory is taken, with its bytes; a reason stops the search instead.
  public var reasonAgainstMemory: @Sendable (Int) -> String? {
    get { { [ask = budget.objection] in ask($0)?.text } }
    set { budget.objection = { newValue($0).map { .limit(.memory, nil, $0) } } }
  }

  fileprivate func timedOptions(for model: Model) -> TimedOptions {
    var timed = TimedOptions()
    timed.budget = budget
    timed.engine = timedEngine
    timed.lemmas = model.timedInvariants(named: lemmas)
    timed.wantsCertificate = wantsCertificates
    if let locationLimit { timed.locationLimit = locationLimit }
    return timed
  }
}

extension CheckOptions {
  /// What is asked, and what is left out on demand. A check that is asked for by its name is made
  /// whatever the spec says.
  fileprivate func selection(of model: Model) -> ([Question], [SwitchedOff]) {
    var switchedOff: [SwitchedOff] = []
    for check in AuditCheck.allCases where check.canBeSwitchedOff {
      if let question = check.question, !model.allQuestions.contains(question) { continue }
      if model.audit.switchedOff.contains(check) {
        switchedOff.append(SwitchedOff(check: check, author: .spec))
      } else if self.switchedOff.contains(where: { AuditCheck(named: $0) == check }) {
        switchedOff.append(SwitchedOff(check: check, author: .option))
      }
    }
    guard properties.isEmpty else {
      let named = model.allQuestions.filter { question in
        properties.contains { question.isNamed($0, in: model) }
      }
      // Of what was not asked for by name nothing is told.
      return (named, switchedOff.filter { $0.check.question == nil })
    }
    let left = switchedOff.compactMap(\.check.question)
    return (model.allQuestions.filter { !left.contains($0) }, switchedOff)
  }
}

extension Model {
  /// The number of the timed invariant that a question asks; nil for another question.
  fileprivate func timedInvariant(_ question: Question) -> Int? {
    guard case .property(let number) = question, properties[number].kind == .timedInvariant else {
      return nil
    }
    return number
  }

  /// The numbers of timed invariants, by name; names of none are left out.
  func timedInvariants(named names: [String]) -> [Int] {
    names.flatMap { name in
      properties.indices.filter {
        properties[$0].isNamed(name) && properties[$0].kind == .timedInvariant
      }
    }
  }
}

/// How far a search is.
public struct CheckProgress: Sendable {
  /// States found.
  public let states: Int
  /// Steps taken from them.
  public let transitions: Int
  /// Steps of the longest shortest path so far.
  public let depth: Int
  /// States found and not yet expanded.
  public let queued: Int
  /// Memory in use by the search.
  public let memoryBytes: Int

  init(_ progress: Progress) {
    states = progress.states
    transitions = progress.transitions
    depth = progress.depth
    queued = progress.queued
    memoryBytes = progress.memoryBytes
  }
}

/// What a check found.
public struct CheckResult: Sendable {
  /// How a check ends.
  public enum Outcome: Sendable {
    /// Everything that was asked holds.
    case holds
    /// Something is violated.
    case violated
    /// Nothing is violated, but something could not be decided.
    case unknown
    /// The spec has errors.
    case invalid
    /// A part of the checker contradicts another; please report it.
    case internalError
  }

  /// The verdict on everything together.
  public let outcome: Outcome
  let specification: Specification
  let report: CheckReport?
  /// Whether notes count as violations.
  var isStrict = false
  /// Proofs of timed properties, in the order of the properties.
  package var certificates: [Certificate] = []

  /// What `linger check` exits with: 0 holds, 1 violated, 2 invalid, 3 unknown,
  /// 70 internal error.
  public var exitCode: Int32 {
    switch outcome {
    case .holds: 0
    case .violated: 1
    case .invalid: 2
    case .unknown: 3
    case .internalError: 70
    }
  }

  /// The protocol's name; nil for a spec with errors.
  package var protocolName: String? { specification.model?.name }

  /// What formats make of it.
  package var checked: CheckedSpec { CheckedSpec(specification.reported, report) }

  /// The report as text: verdicts, counts, and a sequence chart for each violation; for a spec
  /// with errors what is wrong with it.
  public func text() -> String {
    report == nil ? specification.diagnosticsText() : render(TextFormat())
  }

  /// The report as JSON; `docs/json.md` has the schema.
  public func json() -> String { render(JSONFormat()) }

  private func render(_ format: some ReportFormat) -> String {
    format.render(RunReport(.check([checked]), exitCode: exitCode), ReportStyle())
  }

  /// The runs that show something, ready to be saved: one for each violation, and for each cover
  /// that is reached, by the name of its property.
  package var savedTraces: [(name: String, isViolation: Bool, text: String)] {
    guard let report, let context = specification.context else { return [] }
    return report.results.flatMap { result -> [(name: String, isViolation: Bool, text: String)] in
      let name = result.question.name(in: context.model)
      guard case .violated(let violation) = result.verdict else {
        guard let witness = result.witness else { return [] }
        return [(name, false, TraceFile(witness, of: context, property: name).text)]
      }
      return ([violation] + violation.others).enumerated().compactMap { number, violation in
        guard let trace = violation.trace else { return nil }
        var file = TraceFile(trace, of: context, property: name, timing: violation.timing)
        file.isStrict = isStrict && result.question == .leftOpen
        return (number == 0 ? name : "\(name)-\(number + 1)", true, file.text)
      }
    }
  }
}

extension Specification {
  /// Explores every state and decides every property.
  public func check(_ options: CheckOptions = CheckOptions()) -> CheckResult {
    guard let model else {
      return CheckResult(outcome: .invalid, specification: self, report: nil)
    }
    let (questions, switchedOff) = options.selection(of: model)
    var limits = ExploreOptions(budget: options.budget, questions: questions)
    limits.usesSymmetry = options.usesSymmetry
    limits.threads = options.threads
    limits.nativeCompiler = options.nativeCompiler
    limits.compressesStates = options.compressesStates
    limits.stopsWhenDecided = !options.properties.isEmpty && !options.visitsAllStates
    if let progress = options.progress { limits.progress = { progress(CheckProgress($0)) } }
    // Timed invariants need no states: errors of the spec are part of what they ask.
    let isOnlyTimed = !questions.isEmpty && questions.allSatisfy { model.timedInvariant($0) != nil }
    var report =
      isOnlyTimed
      ? CheckReport(unanswered: questions, of: model) : explore(model, options: limits)
    report.switchedOff = switchedOff
    report.vacuity.removeAll { !model.wants($0, without: switchedOff.map(\.check)) }
    var certificates: [Certificate] = []
    var timed = options.timedOptions(for: model)
    let graphs = ControlGraphs()
    report.askTime(TimedAudit(model, options: timed, graphs: graphs), model)
    for question in questions {
      guard let number = model.timedInvariant(question),
        let index = report.results.firstIndex(where: { $0.question == question })
      else { continue }
      timed.asked =
        origin(
          of: model.properties[number],
          by: options.timedEngine,
          lemmas: options.lemmas,
          locationLimit: options.locationLimit
        ).text
      let answer = checkTimed(model, property: number, options: timed, graphs: graphs)
      report.results[index] = answer.result
      if let error = answer.specError { report.tell(error: error) }
      report.internalErrors += answer.internalError.map { [$0] } ?? []
      if let text = answer.certificate {
        certificates.append(
          Certificate(
            protocolName: model.name,
            property: model.properties[number].name,
            text: text
          )
        )
      }
    }
    report.settle(model, isStrict: options.isStrict)
    let outcome: CheckResult.Outcome =
      switch Outcome(report) {
      case .holds: .holds
      case .violated: .violated
      case .unknown: .unknown
      case .internalError: .internalError
      }
    return CheckResult(
      outcome: outcome,
      specification: self,
      report: report,
      isStrict: options.isStrict,
      certificates: certificates
    )
  }
}

/// A proof that can be checked again: an SMT-LIB 2 script whose every answer must be `unsat`.
package struct Certificate: Sendable {
  package let protocolName: String
  package let property: String
  package let text: String
}

extension Specification {
  /// Whether a check of these properties (all where there are none) needs the solver.
  package func needsSolver(for names: [String]) -> Bool {
    guard let model else { return false }
    return model.properties.contains {
      property in
      property.kind == .timedInvariant
        && (names.isEmpty || names.contains(where: property.isNamed))
    }
  }
}

/// The code to exit with after several specs: the worst of theirs.
///
/// Worst first: 130 (interrupted), 143 (terminated), 70 (internal error), 2 (a spec or file has
/// errors: it was not checked at all), 1 (violated), 69 (a needed part is missing), 3 (unknown), 0.
package func worstExitCode(_ codes: [Int32]) -> Int32 {
  let order: [Int32] = [130, 143, 70, 2, 1, 69, 3]
  return order.first(where: codes.contains) ?? 0
}
