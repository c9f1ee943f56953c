import LingerConform
import LingerModel
package import LingerReport

/// Holds a log, line by line, against a spec.
package struct LogConformance {
  private let conformance: Conformance
  private let log: ConformanceLog
  private var judge: TraceJudge?
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
    log = ConformanceLog(conformance.subject)
    input = ConformedSpec.Input(path: path)
  }

  /// Takes the next line; false where the log cannot be read on.
  package mutating func take(_ line: [UInt8]) -> Bool {
    lineCount += 1
    if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { return true }
    do throws(TraceFileError) {
      let members = try log.members(of: line)
      for entry in try log.entries(members) {
        switch entry {
        case .reset: endRun()
        case .event(let observation, let time): observe(observation, time)
        }
      }
      if let state = try log.state(members), !state.isEmpty {
        observe(.state(state), lastTime)
      }
      return true
    } catch {
      input.failure = "line \(lineCount): \(error.message)"
      return false
    }
  }

  private mutating func observe(_ observation: Observation, _ time: Int64) {
    lastTime = time
    input.eventCount += 1
    if judge == nil { judge = TraceJudge(conformance.lanes, beginningAt: min(0, time)) }
    judge?.observe(TraceJudge.Event(observation, time: time, place: lineCount))
    guard !isAlarmed, judge?.violates == true else { return }
    isAlarmed = true
    alarm("run \(runCount + 1)", lineCount)
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
