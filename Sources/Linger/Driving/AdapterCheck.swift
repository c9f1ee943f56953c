import LingerConform
package import LingerDrive
import LingerKernel
import LingerModel
package import LingerReport

/// Tests an adapter itself: what the line protocol asks of it, whatever the spec says.
///
/// It speaks to the program line by line, so that a mistake is not taken for one of the
/// implementation behind the adapter.
package final class AdapterCheck {
  private let conformance: Conformance
  private let channel: any LineChannel
  private let lines: LineProtocol
  private var nextID = 1
  private var capabilities: [String: JSONValue] = [:]

  package init(_ conformance: Conformance, _ channel: any LineChannel) {
    self.conformance = conformance
    self.channel = channel
    lines = LineProtocol(conformance.subject)
  }

  /// Something that is wrong with the adapter.
  private struct Problem: Error {
    var text: String
    init(_ text: String) { self.text = text }
  }

  /// Makes all checks, in order; those behind a greeting that fails are left out.
  ///
  /// - Parameter inputs: what the subject is told where it has to be told something: the inputs of
  ///   a run that the spec allows, with their times.
  /// - Returns: the checks that were made, with what is wrong.
  package func run(_ inputs: [(input: SubjectInput, time: Int64)]) -> [DrivenSpec.AdapterCheck] {
    var result: [DrivenSpec.AdapterCheck] = []
    func check(_ name: String, _ body: () throws(Problem) -> Void) -> Bool {
      do throws(Problem) {
        try body()
        result.append(DrivenSpec.AdapterCheck(name: name, problem: nil))
        return true
      } catch {
        result.append(DrivenSpec.AdapterCheck(name: name, problem: error.text))
        return false
      }
    }
    guard check("answers hello with its name and what it can do", greet) else { return result }
    _ = check("reset leads to the initial state", reset)
    _ = check(
      "the same inputs give the same replies",
      { () throws(Problem) in try repeats(inputs) }
    )
    _ = check(
      "times of what comes out lie where they can",
      { () throws(Problem) in
        try timesFit(inputs)
      }
    )
    _ = check("time that does not pass changes nothing", standStill)
    _ = check("keys that it does not know are passed over", unknownKeys)
    _ = check("a call that it does not know is an error", unknownCall)
    _ = check("a request that it does not know is an error", unknownRequest)
    _ = check("it still answers after errors", reset)
    _ = check("it ends when it is told bye", bye)
    channel.stop()
    return result
  }

  // The checks.

  private func greet() throws(Problem) {
    try calling { () throws(SubjectFailure) in try channel.start() }
    let reply = try ask(lines.hello(id: nextID), "hello_ok")
    guard reply["version"]?.integer == LineProtocol.version else {
      throw Problem("'version' is not \(LineProtocol.version)")
    }
    guard reply["name"]?.string != nil else { throw Problem("it has no 'name'") }
    guard let object = reply["capabilities"]?.object else {
      throw Problem("it has no 'capabilities'")
    }
    capabilities = object
    for (name, value) in object.sorted(by: { $0.key < $1.key }) {
      guard case .bool = value else { throw Problem("'\(name)' is neither true nor false") }
    }
  }

  private var hasVirtualTime: Bool { capabilities["virtualTime"] == .bool(true) }

  private func reset() throws(Problem) {
    let reply = try understood(try ask(lines.reset(id: nextID, seed: 1), "done"))
    let initial = conformance.model.instances[conformance.subject.instance].initial
    let variables = conformance.kernel.variables(ofRole: conformance.subject.role)
    for report in reply.state {
      let wanted = variables[report.variable].codec.registers(of: initial[report.variable])
      guard wanted == report.values else {
        let role = conformance.model.roles[conformance.subject.role]
        let name = role.variables[report.variable].name
        throw Problem("'\(name)' does not have its initial value")
      }
    }
    if capabilities["state"] == .bool(true), reply.state.isEmpty {
      throw Problem("it says that it tells its state, and does not")
    }
  }

  /// The replies to some inputs after a reset, without the numbers of the requests.
  private func replies(
    to inputs: [(input: SubjectInput, time: Int64)]
  ) throws(Problem) -> [[String: JSONValue]] {
    var result: [[String: JSONValue]] = []
    _ = try ask(lines.reset(id: nextID, seed: 1), "done")
    for (input, time) in inputs {
      var reply = try ask(lines.request(input, at: time, id: nextID), nil)
      reply["re"] = nil
      result.append(reply)
    }
    return result
  }

  private func repeats(_ inputs: [(input: SubjectInput, time: Int64)]) throws(Problem) {
    guard hasVirtualTime else { return }
    let first = try replies(to: inputs)
    let second = try replies(to: inputs)
    for (number, (one, other)) in zip(first, second).enumerated() where one != other {
      throw Problem(
        "to input \(number + 1) it says \(JSONValue.object(one).flatText) once and "
          + "\(JSONValue.object(other).flatText) another time"
      )
    }
  }

  private func timesFit(_ inputs: [(input: SubjectInput, time: Int64)]) throws(Problem) {
    guard hasVirtualTime else { return }
    _ = try ask(lines.reset(id: nextID, seed: 1), "done")
    var before: Int64 = 0
    for (number, (input, time)) in inputs.enumerated() {
      let members = try ask(lines.request(input, at: time, id: nextID), nil)
      guard members["type"]?.string == "done" else { continue }
      let reply = try understood(members)
      for output in reply.outputs where output.time < before || output.time > time {
        throw Problem(
          "to input \(number + 1), at \(LineProtocol.seconds(time)) s, something came out at "
            + "\(LineProtocol.seconds(output.time)) s"
        )
      }
      if let next = reply.next, next <= time {
        throw Problem("after input \(number + 1) 'next' is not in the future")
      }
      before = time
    }
  }

  private func standStill() throws(Problem) {
    guard hasVirtualTime else { return }
    let before = try understood(try ask(lines.reset(id: nextID, seed: 1), "done"))
    for _ in 0..<2 {
      let request = lines.request(.advance, at: 0, id: nextID)
      let reply = try understood(try ask(request, "done"))
      guard reply.outputs.isEmpty else { throw Problem("something came out at time 0") }
      guard reply.state == before.state else { throw Problem("its state has changed") }
    }
  }

  private func unknownKeys() throws(Problem) {
    var request = lines.reset(id: nextID, seed: 1)
    request.removeLast()
    _ = try ask(request + ",\"x-test\":{\"a\":[1,\"}\"]},\"other\":null}", "done")
  }

  private func unknownCall() throws(Problem) {
    let reply = try ask(
      "{\"type\":\"call\",\"id\":\(nextID),\"at\":0,\"name\":\"x-no-such-call\",\"arguments\":{}}",
      "error"
    )
    guard reply["definite"] == .bool(true) else { throw Problem("'definite' is not true") }
    guard reply["code"]?.string != nil else { throw Problem("it has no 'code'") }
  }

  private func unknownRequest() throws(Problem) {
    _ = try ask("{\"type\":\"x-no-such-request\",\"id\":\(nextID)}", "error")
  }

  private func bye() throws(Problem) {
    try calling { () throws(SubjectFailure) in
      try channel.send("{\"type\":\"bye\",\"id\":\(nextID)}")
    }
    let line: [UInt8]
    do throws(SubjectFailure) {
      line = try channel.receive()
    } catch {
      if case .crash(let text) = error, text.hasSuffix("exit code 0") { return }
      throw Problem(error.text)
    }
    throw Problem("it still writes: \(String(decoding: line.prefix(80), as: UTF8.self))")
  }

  // Lines.

  private func calling(_ body: () throws(SubjectFailure) -> Void) throws(Problem) {
    do throws(SubjectFailure) {
      try body()
    } catch {
      throw Problem(error.text)
    }
  }

  /// Sends a request; the members of the reply, which must be of a type where one is given.
  private func ask(_ request: String, _ type: String?) throws(Problem) -> [String: JSONValue] {
    let id = nextID
    nextID += 1
    var line: [UInt8] = []
    try calling { () throws(SubjectFailure) in
      try channel.send(request)
      line = try channel.receive()
    }
    let shown = String(decoding: line.prefix(120), as: UTF8.self)
    guard let members = LineProtocol.members(of: line) else {
      throw Problem("a line that is not a JSON object: \(shown)")
    }
    guard members["re"]?.integer == id else {
      throw Problem("'re' is not \(id), the number of the request: \(shown)")
    }
    if let type, members["type"]?.string != type {
      throw Problem("a reply that is not of type '\(type)': \(shown)")
    }
    return members
  }

  private func understood(_ members: [String: JSONValue]) throws(Problem) -> SubjectReply {
    do throws(TraceFileError) {
      return try lines.reply(members)
    } catch {
      throw Problem(error.message)
    }
  }
}
