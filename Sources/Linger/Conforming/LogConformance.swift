import LingerConform
import LingerKernel
import LingerModel
package import LingerReport

/// Holds a log, line by line, against a spec.
package struct LogConformance {
  private let conformance: Conformance
  private let log: ConformanceLog
  private var judge: TraceJudge?
  /// A request that has no reply yet.
  private var request: Request?
  /// Whether a reply has everything that came out: silence is seen.
  private var isComplete = false

  private struct Request {
    var observation: Observation
    var time: Int64
    var line: Int
  }

  private var runCount = 0
  private var lineCount = 0
  private var lastTime: Int64 = 0
  package private(set) var input: ConformedSpec.Input
  /// Told as soon as it happens: which run violates the spec, and at which line.
  private let alarm: (_ run: String, _ line: Int) -> Void
  private var isAlarmed = false

  package init(
    _ conformance: Conformance,
    path: String,
    alarm: @escaping (_ run: String, _ line: Int) -> Void = { _, _ in }
  ) {
    self.conformance = conformance
    self.alarm = alarm
    conformance.placeName = "line"
    log = conformance.log
    input = ConformedSpec.Input(path: path)
  }

  /// Takes the next line; false where the log cannot be read on.
  package mutating func take(_ line: [UInt8]) -> Bool {
    lineCount += 1
    if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { return true }
    do throws(TraceFileError) {
      let members = try log.members(of: line)
      let entries = try log.entries(members)
      switch members["type"]?.string {
      case "hello_ok": isComplete = log.tellsEverything(members)
      case "call", "receive", "advance":
        ask()
        if case .event(let observation, let time)? = entries.first {
          request = Request(observation: observation, time: time, line: lineCount)
        }
      case "done":
        answer(entries)
        if let state = try log.state(members), !state.isEmpty { observe(.state(state), lastTime) }
      case "error" where members["definite"] == .bool(true):
        // It did not happen.
        request = nil
      default:
        // What comes while time passes came before its end.
        if request?.observation != .nothing { ask() }
        take(entries)
        if let state = try log.state(members), !state.isEmpty { observe(.state(state), lastTime) }
      }
      return true
    } catch {
      input.failure = "line \(lineCount): \(error.message)"
      return false
    }
  }

  private mutating func take(_ entries: [ConformanceLog.Entry]) {
    for entry in entries {
      switch entry {
      case .reset: endRun()
      case .event(let observation, let time): observe(observation, time)
      }
    }
  }

  /// The request that waits for its reply has happened, whatever came of it.
  private mutating func ask() {
    guard let asked = request else { return }
    request = nil
    observe(asked.observation, asked.time, line: asked.line)
  }

  /// The reply to the request that waits for one: what came out while time passed came before its
  /// end, and what a call chose stands in what it sent.
  private mutating func answer(_ entries: [ConformanceLog.Entry]) {
    guard let asked = request else { return take(entries) }
    request = nil
    switch asked.observation {
    case .nothing: take(entries)
    case .call(let name, let arguments, _):
      let sent = entries.lazy.compactMap { entry -> SeenMessage? in
        if case .event(.output(let message), _) = entry { message } else { nil }
      }.first
      observe(.call(name, arguments, sending: sent), asked.time, line: asked.line)
      take(entries)
    default:
      observe(asked.observation, asked.time, line: asked.line)
      take(entries)
    }
    if asked.observation == .nothing { observe(.nothing, asked.time, line: asked.line) }
    if isComplete { observe(.quiet, max(asked.time, lastTime)) }
  }

  private mutating func observe(_ observation: Observation, _ time: Int64, line: Int? = nil) {
    lastTime = time
    input.eventCount += 1
    if judge == nil { judge = TraceJudge(conformance.lanes, beginningAt: min(0, time)) }
    judge?.observe(TraceJudge.Event(observation, time: time, place: line ?? lineCount))
    guard !isAlarmed, judge?.violates == true else { return }
    isAlarmed = true
    alarm("run \(runCount + 1)", line ?? lineCount)
  }

  /// Whether a line is that with which a driven subject's log begins.
  package static func isHello(_ line: [UInt8]) -> Bool {
    JSONValue.parse(line, allowsFractions: true)?["type"]?.string == "hello"
  }

  /// The log is over, or is not read on for a reason.
  package mutating func finish(failure: String? = nil, interruption: String? = nil) {
    endRun(interruption ?? failure)
    if let failure { input.failure = failure }
    input.highWater = conformance.highWater
  }

  private mutating func endRun(_ interruption: String? = nil) {
    ask()
    guard var judge else { return }
    judge.finish()
    runCount += 1
    let name = conformance.subject.model.instances[conformance.subject.instance].name
    var trace = conformance.conformed(judge, name: "run \(runCount)", of: name)
    trace.cutOff(interruption)
    if trace.verdict == .violates, !isAlarmed { alarm(trace.name, trace.finding?.place ?? 0) }
    isAlarmed = false
    input.add(trace)
    self.judge = nil
    lastTime = 0
  }
}
