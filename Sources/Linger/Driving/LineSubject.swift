import LingerConform
package import LingerDrive
import LingerModel
import LingerReport

/// Lines to and from a program that is driven.
package protocol LineChannel: AnyObject {
  /// Starts the program, or starts it afresh.
  func start() throws(SubjectFailure)
  func send(_ line: String) throws(SubjectFailure)
  /// The next line that it writes.
  func receive() throws(SubjectFailure) -> [UInt8]
  /// Ends the program, which has been told.
  func stop()
}

/// A subject behind the line protocol (docs/line-protocol.md).
package final class LineSubject: DrivenSubject {
  private let channel: any LineChannel
  private var lines: LineProtocol
  private var reader = ReplyReader()
  private var nextID = 1
  private var isRunning = false
  /// What it calls itself.
  package private(set) var name = ""
  package private(set) var hasVirtualTime = true
  private var canReset = true
  /// Whether it reports its state.
  package private(set) var tellsState = false

  package init(_ conformance: Conformance, _ channel: any LineChannel) {
    lines = LineProtocol(conformance.subject)
    self.channel = channel
  }

  package func reset(seed: UInt64) throws(SubjectFailure) -> SubjectReply {
    if isRunning, !canReset { end() }
    if !isRunning { try greet() }
    return try ask { lines, id in lines.reset(id: id, seed: seed) }
  }

  package func take(
    _ input: SubjectInput,
    at time: Int64
  ) throws(SubjectFailure) -> SubjectReply {
    try ask { lines, id in lines.request(input, at: time, id: id) }
  }

  /// Tells it to end.
  package func end() {
    guard isRunning else { return }
    isRunning = false
    try? channel.send("{\"type\":\"bye\",\"id\":\(nextID)}")
    channel.stop()
  }

  private func greet() throws(SubjectFailure) {
    nextID = 1
    try channel.start()
    isRunning = true
    let id = nextID
    let line = try exchange(lines.hello(id: id))
    let reply = try members(of: line, answering: id, type: "hello_ok")
    guard reply["version"]?.integer == LineProtocol.version else {
      throw lost(.unusable("it does not speak version \(LineProtocol.version) of the protocol"))
    }
    name = reply["name"]?.string ?? ""
    let capabilities = reply["capabilities"]?.object ?? [:]
    hasVirtualTime = capabilities["virtualTime"] == .bool(true)
    canReset = capabilities["reset"] == .bool(true)
    tellsState = capabilities["state"] == .bool(true)
  }

  private func ask(
    _ request: (inout LineProtocol, Int) -> String
  ) throws(SubjectFailure) -> SubjectReply {
    let id = nextID
    let line = try exchange(request(&lines, id))
    if let reply = reader.reply(line, to: id, lines) { return reply }
    let members = try members(of: line, answering: id, type: "done")
    do throws(TraceFileError) {
      return try lines.reply(members)
    } catch {
      throw lost(.garbage(error.message))
    }
  }

  /// Sends a request and takes the line that comes back.
  private func exchange(_ request: String) throws(SubjectFailure) -> [UInt8] {
    nextID += 1
    do throws(SubjectFailure) {
      try channel.send(request)
      return try channel.receive()
    } catch {
      throw lost(error)
    }
  }

  /// The members of a line that answers a request.
  private func members(
    of line: [UInt8],
    answering id: Int,
    type: String
  ) throws(SubjectFailure) -> [String: JSONValue] {
    guard let members = LineProtocol.members(of: line) else {
      throw lost(.garbage("a line that is not a JSON object: \(Self.shown(line))"))
    }
    guard members["re"]?.integer == id else {
      throw lost(.garbage("a line that does not answer request \(id): \(Self.shown(line))"))
    }
    if members["type"]?.string == "error" {
      let text = members["text"]?.string ?? members["code"]?.string ?? "no reason given"
      throw members["definite"] == .bool(false) ? .uncertain(text) : .refused(text)
    }
    guard members["type"]?.string == type else {
      throw lost(.garbage("a line that is not of type '\(type)': \(Self.shown(line))"))
    }
    return members
  }

  /// After a failure the program is not spoken to again.
  private func lost(_ failure: SubjectFailure) -> SubjectFailure {
    if isRunning {
      isRunning = false
      channel.stop()
    }
    return failure
  }

  private static func shown(_ line: [UInt8]) -> String {
    let text = String(decoding: line.prefix(120), as: UTF8.self)
    return line.count > 120 ? text + "..." : text
  }
}
