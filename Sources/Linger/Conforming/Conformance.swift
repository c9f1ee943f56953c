import LingerConform
import LingerDiagnostics
import LingerEval
import LingerKernel
package import LingerModel
import LingerReport

/// What a run of `conform` is asked to do.
package struct ConformanceOptions: Sendable {
  /// The instance that is judged; nil for the first that can be.
  package var subject: String?
  /// How long after a message came it may still be untaken, in nanoseconds; nil for the usual.
  package var lag: Int64?
  package var mostBeliefs = 4096
  /// Whether every event of a trace is kept with what was believed after it, as far as events are
  /// kept, and not only the last ones before a violation.
  package var showsAllEvents = false
  /// Whether what was worked out serves other numbers; without it the same comes out, slowly.
  package var sharesPaths = true
  /// Asked now and then; a reason ends the run.
  package var budget = Budget.unlimited

  package init() {}
}

/// A spec ready to hold implementations against: one instance of it, under each profile.
package final class Conformance {
  let specification: Specification
  let context: ReportContext
  let subject: Subject
  /// Those that decide: the profile that was asked for, or all of them.
  let lanes: [Lane]
  /// Whether the verdict is that of the best profile.
  let isAnyProfile: Bool
  /// The other profiles, which may explain a violation: compiled when one has been found. One that
  /// does not fit explains nothing.
  private(set) lazy var others: [Lane] = otherProfiles.compactMap { try? lane($0) }
  private let otherProfiles: [NamedProfile]
  private let instance: Int
  private let visibility: ConformanceVisibility
  let options: ConformanceOptions
  /// Reads what a log, or a subject that is driven, says.
  let log: ConformanceLog
  /// What events are counted in: lines or frames.
  var placeName = "event"
  /// Whether an input that was seen may not have reached the subject.
  var inputsMayBeLost = true

  /// A profile of the spec, and the spec under it.
  package typealias NamedProfile = (name: String, load: () -> Specification)

  /// - Parameters:
  ///   - specification: loaded for following.
  ///   - profiles: the same spec under each of its profiles, by name.
  ///   - visibility: what is seen of the subject.
  ///   - options: the rest.
  /// - Throws: why the spec cannot be held against anything.
  package init(
    _ specification: Specification,
    profiles: [NamedProfile],
    _ visibility: ConformanceVisibility,
    _ options: ConformanceOptions
  ) throws(UnusableSpec) {
    guard let context = specification.context else {
      throw .invalid(specification.reported)
    }
    self.specification = specification
    self.context = context
    self.options = options
    let model = context.model
    let instance = try Self.instance(options.subject, in: model)
    subject = try Self.subject(instance, of: specification, visibility)
    log = ConformanceLog(subject)
    self.instance = instance
    self.visibility = visibility
    let name = specification.profile ?? Self.noProfile
    let own = Self.lane(name, subject, visibility, options)
    isAnyProfile = specification.profile == nil && !profiles.isEmpty
    otherProfiles = isAnyProfile ? [] : profiles.filter { $0.name != name }
    var lanes = [own]
    if isAnyProfile {
      for profile in profiles {
        let subject = try Self.subject(instance, of: profile.load(), visibility)
        lanes.append(Self.lane(profile.name, subject, visibility, options))
      }
    }
    self.lanes = lanes
  }

  private func lane(_ profile: NamedProfile) throws(UnusableSpec) -> Lane {
    let subject = try Self.subject(instance, of: profile.load(), visibility)
    return Self.lane(profile.name, subject, visibility, options)
  }

  private static func lane(
    _ profile: String,
    _ subject: Subject,
    _ visibility: ConformanceVisibility,
    _ options: ConformanceOptions
  ) -> Lane {
    var visible = visibility.value
    if let lag = options.lag { visible.lag = lag }
    return Lane(profile: profile, engine: engine(subject, visible, options))
  }

  /// What the values that the spec declares are called among its profiles.
  private static let noProfile = "(none)"

  /// The largest set of beliefs so far.
  var highWater: Int { lanes.reduce(0) { max($0, $1.engine.highWater) } }

  private static func engine(
    _ subject: Subject,
    _ visibility: Visibility,
    _ options: ConformanceOptions
  ) -> BeliefEngine {
    BeliefEngine(
      subject,
      visibility,
      mostBeliefs: options.mostBeliefs,
      sharesPaths: options.sharesPaths
    )
  }

  private static func instance(_ name: String?, in model: Model) throws(UnusableSpec) -> Int {
    guard let name else {
      guard !model.instances.isEmpty else { throw .unfit("the spec has no instances") }
      return 0
    }
    if let place = model.instances.firstIndex(where: { $0.name == name }) { return place }
    if let role = model.roles.firstIndex(where: { $0.name == name }),
      let place = model.instances(of: role).first
    {
      return place
    }
    let known = model.instances.map { "'\($0.name)'" }.joined(separator: ", ")
    throw .unfit("the spec has no instance or role '\(name)'; there are \(known)")
  }

  /// What the variables of an instance may begin with, where that is open and not too much.
  private static func beginnings(_ instance: Int, of model: Model) -> [[Value]]? {
    guard !model.instances[instance].open.isEmpty else { return nil }
    var states = Evaluator(model).initialStates
    var result: [[Value]] = []
    var count = 0
    while let state = states.next() {
      count += 1
      let values = state.instances[instance].variables
      if !result.contains(values) { result.append(values) }
      if count > mostInitialStates || result.count > mostBeginnings { return nil }
    }
    return result
  }

  /// More states in which a spec may begin are not gone through.
  private static let mostInitialStates = 4096
  /// As many as values of a hidden choice that are tried.
  private static let mostBeginnings = 64

  private static func subject(
    _ instance: Int,
    of specification: Specification,
    _ visibility: ConformanceVisibility
  ) throws(UnusableSpec) -> Subject {
    guard let model = specification.context?.model else { throw .invalid(specification.reported) }
    do throws(Unfollowable) {
      let subject = try Subject(instance, of: model, beginnings: beginnings(instance, of: model))
      if !visibility.value.seesCalls, let problem = subject.unseenCallProblem { throw problem }
      return subject
    } catch {
      throw .unfit(specification.text(of: error))
    }
  }
}

/// What is seen of a subject.
package enum ConformanceVisibility {
  case capture
  /// A log that has the application's calls and signals.
  case wholeLog
  /// A log of messages only.
  case messageLog
  /// A program that is driven, on virtual time.
  case driven
  /// One that runs by the clock on the wall, and is silent when it has been so for this long, in
  /// nanoseconds.
  case drivenByClock(quiet: Int64)

  var value: Visibility {
    switch self {
    case .capture: return .capture
    case .wholeLog, .driven: return .exact
    case .messageLog: return .capture
    case .drivenByClock(let quiet):
      var result = Visibility.capture
      result.seesCalls = true
      result.seesSignals = true
      result.lag = quiet / 2
      return result
    }
  }
}

extension Specification {
  /// A reason with its line.
  fileprivate func text(of problem: Unfollowable) -> String {
    guard let place = sources.location(problem.span) else { return problem.reason }
    return "\(place.file):\(place.line): \(problem.reason)"
  }
}
