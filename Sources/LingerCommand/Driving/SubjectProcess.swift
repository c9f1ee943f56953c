import Foundation
import Linger
import LingerDrive
import LingerModel

/// A program that is driven: a process with the line protocol on its standard streams.
final class SubjectProcess: LineChannel {
  private let command: [String]
  /// How long a reply may take.
  private let patience: Duration
  /// Whether it has a processor for itself.
  private let isAlone: Bool
  private let budget: Budget
  private let epoch = ContinuousClock.now
  private var running: Running?
  /// The end of what it wrote on standard error since it was started last.
  private(set) var errorTail: [UInt8] = []

  private struct Running {
    var process: ChildProcess
    var input: Pipe
    var output: Pipe
    var errors: Pipe
    var isAtEnd = false
  }

  /// What it wrote and nobody has taken yet.
  private var unread = LineBuffer()

  private static let longestLine = 1 << 20
  private static let longestTail = 4096
  /// How often it is asked whether to stop.
  private static let slice = Duration.milliseconds(100)

  init(
    _ command: [String],
    patience: Duration,
    isAlone: Bool,
    _ budget: Budget
  ) {
    self.command = command
    self.patience = patience
    self.isAlone = isAlone
    self.budget = budget
  }

  deinit { stop() }

  func start() throws(SubjectFailure) {
    stop()
    guard let input = Pipe(.writing), let output = Pipe(.reading), let errors = Pipe(.reading)
    else { throw .unusable("the system has no pipes left") }
    let streams = (input: input.other, output: output.other, errors: errors.other)
    guard let program = command.first,
      let process = ChildProcess(program, Array(command.dropFirst()), streams: streams)
    else { throw .unusable("'\(command.first ?? "")' cannot be run") }
    for pipe in [input, output, errors] { pipe.closeOther() }
    errorTail = []
    running = Running(process: process, input: input, output: output, errors: errors)
  }

  func send(_ lines: [UInt8]) throws(SubjectFailure) {
    var deadline = ContinuousClock.now + patience
    var rest = lines[...]
    while true {
      guard let running else { throw .crash("it is not running") }
      // Nobody reads any more: what it said before it ended tells more.
      guard let count = running.input.write(rest) else { return }
      rest = rest.dropFirst(count)
      if rest.isEmpty { return }
      // Many requests take a slow program long; it does not hang while it takes some.
      if count > 0 { deadline = .now + patience }
      guard .now < deadline else { throw .hang("it takes no input for \(patience)") }
      try pause(until: deadline, toWrite: true)
    }
  }

  func receive() throws(SubjectFailure) -> [UInt8] {
    var deadline: ContinuousClock.Instant?
    while true {
      if let line = try line() { return line }
      if running?.isAtEnd ?? true { throw end() }
      if try readSoon() { continue }
      let until = deadline ?? .now + patience
      deadline = until
      guard .now < until else {
        throw .hang("no reply within \(patience)")
      }
      try pause(until: until, toWrite: false)
      _ = try read()
    }
  }

  func receive(until moment: Int64) throws(SubjectFailure) -> [UInt8]? {
    let deadline = epoch + .nanoseconds(moment)
    while true {
      if let line = try line() { return line }
      if running?.isAtEnd ?? true { throw end() }
      if try read() { continue }
      guard .now < deadline else { return nil }
      try pause(until: deadline, toWrite: false)
    }
  }

  var clock: Int64 {
    let (seconds, attoseconds) = (ContinuousClock.now - epoch).components
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }

  func stop() {
    running?.input.close()
    running?.process.kill()
    running = nil
    unread = LineBuffer()
  }

  /// The next whole line that was read.
  private func line() throws(SubjectFailure) -> [UInt8]? {
    if let line = unread.line() { return line }
    if unread.count > Self.longestLine {
      throw .garbage("a line of more than \(Self.longestLine >> 20) MiB")
    }
    return nil
  }

  /// Reads what comes soon: to sleep and wake up takes longer than most replies. Where several
  /// programs are driven, another one goes on meanwhile.
  private func readSoon() throws(SubjectFailure) -> Bool {
    if try read() { return true }
    guard isAlone else { return false }
    for _ in 0..<Self.looks where try read() { return true }
    return false
  }

  private static let looks = 200

  /// Reads what there is; false where there is nothing.
  private func read() throws(SubjectFailure) -> Bool {
    guard let output = running?.output else { return false }
    let count = output.read(into: &unread.bytes)
    if count == nil { running?.isAtEnd = true }
    return count.map { $0 > 0 } ?? true
  }

  private func drainErrors() {
    guard let errors = running?.errors else { return }
    for _ in 0..<16 {
      guard let count = errors.read(into: &errorTail) else {
        errors.close()
        break
      }
      if count == 0 { break }
    }
    if errorTail.count > Self.longestTail {
      errorTail.removeFirst(errorTail.count - Self.longestTail)
    }
  }

  private func pause(
    until deadline: ContinuousClock.Instant,
    toWrite: Bool
  ) throws(SubjectFailure) {
    if let reason = budget.exhaustion { throw .unusable(reason.text) }
    guard let running else { return }
    let slice = min(Self.slice, deadline - .now)
    let hasErrors = Pipe.wait(
      running.output,
      running.errors,
      writing: toWrite ? running.input : nil,
      milliseconds: Int32(max(1, slice / .milliseconds(1)))
    )
    if hasErrors { drainErrors() }
    if toWrite { _ = try read() }
  }

  /// It has ended: how.
  private func end() -> SubjectFailure {
    drainErrors()
    guard let process = running?.process else { return .crash("it is not running") }
    // It closed its streams; it may take a moment more to end.
    for _ in 0..<50 {
      if let code = process.exitCode {
        running = nil
        if code >= 128 { return .crash("it was ended by signal \(code - 128)") }
        return .crash("it ended with exit code \(code)")
      }
      usleep(2000)
    }
    return .crash("it closed its output")
  }
}

/// Bytes that were read, line by line.
private struct LineBuffer {
  /// The rest begins at ``next``.
  var bytes: [UInt8] = []
  private var next = 0
  /// Up to here no line ends.
  private var searched = 0

  /// Bytes that were not taken.
  var count: Int { bytes.count - next }

  /// Takes the next line, without its end.
  mutating func line() -> [UInt8]? {
    guard let end = bytes[searched...].firstIndex(of: 0x0A) else {
      searched = bytes.count
      return nil
    }
    let line = Array(bytes[next..<end])
    next = end + 1
    searched = next
    if next == bytes.count {
      bytes.removeAll(keepingCapacity: true)
      next = 0
      searched = 0
    }
    return line
  }
}
