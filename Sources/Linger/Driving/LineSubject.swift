import LingerConform
package import LingerDrive
import LingerModel
import LingerReport

/// Lines to and from a program that is driven.
package protocol LineChannel: AnyObject {
  /// Starts the program, or starts it afresh.
  func start() throws(SubjectFailure)
  /// Sends lines, with their ends.
  func send(_ lines: [UInt8]) throws(SubjectFailure)
  /// The next line that it writes.
  func receive() throws(SubjectFailure) -> [UInt8]
  /// The next line that it writes until a moment of ``clock``; nil where none comes.
  func receive(until moment: Int64) throws(SubjectFailure) -> [UInt8]?
  /// Nanoseconds of a clock that never goes back.
  var clock: Int64 { get }
  /// Ends the program, which has been told.
  func stop()
}

extension LineChannel {
  func send(_ line: String) throws(SubjectFailure) { try send(Array("\(line)\n".utf8)) }
}

/// A subject behind the line protocol (docs/line-protocol.md).
package final class LineSubject: PipelinedSubject {
  private let channel: any LineChannel
  private let lines: LineProtocol
  private var reader = ReplyReader()
  private var nextID = 1
  private var isRunning = false
  private var isVirtual = true
  /// Why it could not be greeted.
  private var greeting: SubjectFailure?
  /// When the run began, by the channel's clock.
  private var start: Int64 = 0
  private let quietTime: Int64
  /// The number of the next request to be answered, of those that went out ahead.
  private var nextAnswer = 1
  /// How many of these were not asked for yet.
  private var owedCount = 0
  /// Why the latest of these could not go out.
  private var unsent: SubjectFailure?
  private var canReset = true
  private var hasRun = false

  package init(_ conformance: Conformance, _ channel: any LineChannel, quietTime: Int64) {
    lines = LineProtocol(conformance.subject)
    self.channel = channel
    self.quietTime = quietTime
    do throws(SubjectFailure) {
      try greet()
    } catch {
      greeting = error
    }
  }

  package var hasVirtualTime: Bool { isVirtual }

  /// With time of its own it would be late for what it is told.
  package var canBeAhead: Bool { isVirtual }
  /// One that is started afresh for each run would lose what it has not answered.
  package var canBeRunsAhead: Bool { isVirtual && canReset }

  package func reset(seed: UInt64) throws(SubjectFailure) -> SubjectReply {
    try makeReady()
    // What it said unasked until then is of the run before, whose end nobody waited for.
    var reply = try ask { lines, id in lines.reset(id: id, seed: seed) }.inAnswer
    start = channel.clock
    if !isVirtual { reply.clock = 0...0 }
    return reply
  }

  /// Has it run, and be fit for a reset.
  private func makeReady() throws(SubjectFailure) {
    if let problem = greeting {
      greeting = nil
      throw problem
    }
    if isRunning, !canReset, hasRun { end() }
    if !isRunning { try greet() }
    hasRun = true
  }

  package func send(_ requests: [SubjectRequest]) {
    do throws(SubjectFailure) {
      if case .reset? = requests.first, owedCount == 0 {
        unsent = nil
        try makeReady()
        nextAnswer = nextID
      }
      // Started afresh, it would answer what it was not asked.
      if unsent == nil, !isRunning { throw .crash("it is not running") }
      if unsent == nil { try write(requests) }
    } catch {
      unsent = error
    }
    owedCount += requests.count
  }

  package func answers(_ count: Int) -> [SubjectAnswer] {
    owedCount -= count
    if let unsent { return [.failure(unsent)] }
    if !isRunning { return [.failure(.crash("it is not running"))] }
    var answers: [SubjectAnswer] = []
    answers.reserveCapacity(count)
    for _ in 0..<count where isRunning {
      do throws(SubjectFailure) {
        defer { nextAnswer += 1 }
        answers.append(.success(try reply(to: nextAnswer).whole))
      } catch {
        answers.append(.failure(error))
      }
    }
    return answers
  }

  private func write(_ requests: [SubjectRequest]) throws(SubjectFailure) {
    var text: [UInt8] = []
    text.reserveCapacity(Self.bytesOfRequest * requests.count)
    for request in requests {
      switch request {
      case .reset(let seed): text += lines.reset(id: nextID, seed: seed).utf8
      case .take(let input, let time): lines.append(input, at: time, id: nextID, to: &text)
      }
      text.append(0x0A)
      nextID += 1
    }
    try send(text)
  }

  /// Most have no more.
  private static let bytesOfRequest = 160

  private func send(line: String) throws(SubjectFailure) { try send(Array("\(line)\n".utf8)) }

  private func send(_ lines: [UInt8]) throws(SubjectFailure) {
    do throws(SubjectFailure) {
      try channel.send(lines)
    } catch {
      throw lost(error)
    }
  }

  package func take(
    _ input: SubjectInput,
    at time: Int64
  ) throws(SubjectFailure) -> SubjectReply {
    if isVirtual { return try ask { lines, id in lines.request(input, at: time, id: id) }.whole }
    let began = channel.clock - start
    var reply = SubjectReply()
    var quiet = time
    if input != .advance {
      reply = try ask { lines, id in lines.request(input, at: began, id: id) }.whole
      quiet = channel.clock - start + quietTime
    }
    try listen(until: quiet, into: &reply)
    reply.clock = began...max(began, channel.clock - start)
    return reply
  }

  /// Takes what it says unasked.
  private func listen(
    until moment: Int64,
    into reply: inout SubjectReply
  ) throws(SubjectFailure) {
    while true {
      let line: [UInt8]?
      do throws(SubjectFailure) {
        line = try channel.receive(until: start + moment)
      } catch {
        throw lost(error)
      }
      guard let line else { return }
      reply.outputs += try event(line)
    }
  }

  /// What an `event` says.
  private func event(_ line: [UInt8]) throws(SubjectFailure) -> [SubjectReply.TimedOutput] {
    guard let members = LineProtocol.members(of: line), members["type"]?.string == "event" else {
      throw lost(.garbage("a line that nobody asked for: \(Self.shown(line))"))
    }
    do throws(TraceFileError) {
      return try lines.reply(members).outputs
    } catch {
      throw lost(.garbage(error.message))
    }
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
    hasRun = false
    let reply: [String: JSONValue]
    do throws(SubjectFailure) {
      let id = nextID
      nextID += 1
      try send(line: lines.hello(id: id))
      reply = try members(of: nextLine(), answering: id, type: "hello_ok")
    } catch {
      throw lost(.unusable("it does not answer as the line protocol has it: \(error.text)"))
    }
    guard reply["version"]?.integer == LineProtocol.version else {
      throw lost(.unusable("it does not speak version \(LineProtocol.version) of the protocol"))
    }
    let capabilities = reply["capabilities"]?.object ?? [:]
    isVirtual = capabilities["virtualTime"] == .bool(true)
    canReset = capabilities["reset"] == .bool(true)
  }

  private func ask(_ request: (LineProtocol, Int) -> String) throws(SubjectFailure) -> Reply {
    let id = nextID
    nextID += 1
    try send(line: request(lines, id))
    return try reply(to: id)
  }

  /// An answer, and what was said unasked before it.
  private struct Reply {
    var early: [SubjectReply.TimedOutput] = []
    var inAnswer: SubjectReply

    var whole: SubjectReply {
      if early.isEmpty { return inAnswer }
      var reply = inAnswer
      reply.outputs = early + reply.outputs
      return reply
    }
  }

  /// What it says to a request.
  private func reply(to id: Int) throws(SubjectFailure) -> Reply {
    var line = try nextLine()
    if let reply = reader.reply(line, to: id, lines) { return Reply(inAnswer: reply) }
    // On the wall clock it may say something unasked before it answers.
    var early: [SubjectReply.TimedOutput] = []
    while !isVirtual, LineProtocol.members(of: line)?["type"]?.string == "event" {
      early += try event(line)
      line = try nextLine()
    }
    let members = try members(of: line, answering: id, type: "done")
    do throws(TraceFileError) {
      return Reply(early: early, inAnswer: try lines.reply(members))
    } catch {
      throw lost(.garbage(error.message))
    }
  }

  private func nextLine() throws(SubjectFailure) -> [UInt8] {
    do throws(SubjectFailure) {
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
