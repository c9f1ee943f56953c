import LingerConform
import LingerDrive
import LingerModel
import LingerReport

/// A saved run (`*.trace.jsonl`): the lines of the line protocol as they went to and from the
/// subject. It is a log, and `linger conform` reads it as one.
enum RunFile {
  /// The lines of a run.
  static func text(of run: DrivenRun, for conformance: Conformance) -> String {
    let lines = LineProtocol(conformance.subject)
    var texts = [
      lines.hello(id: 1), lines.helloReply(id: 1, hasVirtualTime: run.judgesSilence),
      lines.reset(id: 2, seed: run.seed),
    ]
    if run.tellsReset, let reply = run.resetReply { texts.append(lines.line(reply, answering: 2)) }
    for (number, exchange) in run.exchanges.enumerated() {
      texts.append(lines.request(exchange.input, at: exchange.time, id: number + 3))
      if let reply = exchange.reply { texts.append(lines.line(reply, answering: number + 3)) }
    }
    return texts.joined(separator: "\n") + "\n"
  }

  typealias Inputs = [(input: SubjectInput, time: Int64)]

  /// The inputs of the saved runs, of which each `reset` begins one; throws what is wrong there.
  static func runs(
    of bytes: [UInt8],
    for conformance: Conformance
  ) throws(TraceFileError) -> [Inputs] {
    let log = conformance.log
    var result: [Inputs] = []
    var current: Inputs?
    var number = 0
    for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      number += 1
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
      do throws(TraceFileError) {
        let members = try log.members(of: Array(line))
        try check(members, conformance)
        if members["type"]?.string == "reset" {
          if let current { result.append(current) }
          current = []
        }
        let inputs = try log.inputs(members)
        if !inputs.isEmpty { current = (current ?? []) + inputs }
      } catch {
        throw TraceFileError("line \(number): \(error.message)")
      }
    }
    guard let current else { throw TraceFileError("no input is in it") }
    return result + [current]
  }

  /// The first line says for which spec it is.
  private static func check(
    _ members: [String: JSONValue],
    _ conformance: Conformance
  ) throws(TraceFileError) {
    guard members["type"]?.string == "hello" else { return }
    let model = conformance.subject.model
    if let version = members["version"]?.integer, version != LineProtocol.version {
      throw TraceFileError("it is of version \(version) of the protocol")
    }
    if let spec = members["spec"]?.string, spec != model.name {
      throw TraceFileError("it is a run of '\(spec)', not of '\(model.name)'")
    }
    let role = model.roles[conformance.subject.role].name
    if let found = members["role"]?.string, found != role {
      throw TraceFileError("it is a run of the role '\(found)', not of '\(role)'")
    }
  }
}
