import LingerConform
import LingerDrive
import LingerModel
import LingerReport

/// Reads replies, most of which say what others said before them: the parts of a line that were
/// understood once are known by their bytes.
///
/// Only the outline of a line is read here; what a part means, and what is wrong with a line that
/// has another outline, is for ``LineProtocol``.
struct ReplyReader {
  private var replies = LineMemo()
  private var outputs = Memo<[UInt8], Observation>(most: 20_000)
  private var states = Memo<[UInt8], [ReportedVariable]>(most: 20_000)

  /// The reply to a request; nil where the line has to be read in full.
  mutating func reply(_ line: [UInt8], to id: Int, _ lines: LineProtocol) -> SubjectReply? {
    guard let number = Outline.firstAnswered(in: line), Outline.integer(line[number]) == id else {
      return read(line, to: id, lines)
    }
    let place = replies.place(of: line, without: number)
    if let known = replies[place] { return known }
    let reply = read(line, to: id, lines)
    replies[place] = reply
    return reply
  }

  private mutating func read(
    _ line: [UInt8],
    to id: Int,
    _ lines: LineProtocol
  ) -> SubjectReply? {
    var outline = Outline(line)
    guard let members = outline.members(), outline.isAtEnd else { return nil }
    var reply = SubjectReply()
    var isDone = false
    var answers: Int?
    for (key, value) in members {
      switch line[key] {
      case Self.type: isDone = line[value].elementsEqual(Self.done)
      case Self.re: answers = Outline.integer(line[value])
      case Self.out:
        guard let read = outputs(in: line, value, lines) else { return nil }
        reply.outputs = read
      case Self.state:
        guard let read = state(line[value], lines) else { return nil }
        reply.state = read
      case Self.next:
        if line[value].elementsEqual(Self.null) { continue }
        guard let time = Outline.nanoseconds(line[value]) else { return nil }
        reply.next = time
      default: continue
      }
    }
    return isDone && answers == id ? reply : nil
  }

  private static let type = Array("type".utf8)[...]
  private static let re = Array("re".utf8)[...]
  private static let out = Array("out".utf8)[...]
  private static let state = Array("state".utf8)[...]
  private static let next = Array("next".utf8)[...]
  private static let at = Array("at".utf8)[...]
  private static let done = Array("\"done\"".utf8)
  private static let null = Array("null".utf8)

  private mutating func outputs(
    in line: [UInt8],
    _ array: Range<Int>,
    _ lines: LineProtocol
  ) -> [SubjectReply.TimedOutput]? {
    var outline = Outline(line, from: array.lowerBound)
    var result: [SubjectReply.TimedOutput] = []
    guard outline.take(0x5B) else { return nil }
    if outline.take(0x5D) { return [] }
    while true {
      let start = outline.place
      guard let members = outline.members() else { return nil }
      var time: Int64?
      var key: [UInt8] = []
      var isFirst = true
      for (name, value) in members {
        if line[name] == Self.at {
          time = Outline.nanoseconds(line[value])
        } else {
          key.append(isFirst ? 0x7B : 0x2C)
          key.append(0x22)
          key += line[name]
          key.append(0x22)
          key.append(0x3A)
          key += line[value]
          isFirst = false
        }
      }
      guard let time, start < outline.place else { return nil }
      if let known = outputs[key] {
        result.append(SubjectReply.TimedOutput(time: time, known))
      } else {
        let text = key + Array(",\"at\":0}".utf8)
        guard !key.isEmpty, let object = LineProtocol.members(of: text),
          let observation = try? lines.output(object)
        else { return nil }
        outputs.remember(observation, for: key)
        result.append(SubjectReply.TimedOutput(time: time, observation))
      }
      if outline.take(0x2C) { continue }
      return outline.take(0x5D) ? result : nil
    }
  }

  private mutating func state(
    _ bytes: ArraySlice<UInt8>,
    _ lines: LineProtocol
  ) -> [ReportedVariable]? {
    let key = Array(bytes)
    if let known = states[key] { return known }
    let text = Array("{\"state\":".utf8) + key + [0x7D]
    guard let members = LineProtocol.members(of: text), let state = try? lines.state(members) else {
      return nil
    }
    states.remember(state, for: key)
    return state
  }
}

/// Replies by their lines without the number of what they answer.
private struct LineMemo {
  private var lines = WordTable()
  private var replies: [SubjectReply?] = []
  private var row: [Int] = []

  /// With more lines all are forgotten.
  private static let most = 50_000

  /// Where the reply of a line stands, or is to be put.
  mutating func place(of line: [UInt8], without number: Range<Int>) -> Int {
    if replies.count >= Self.most { self = LineMemo() }
    row.removeAll(keepingCapacity: true)
    row.append(line.count - number.count)
    row.append(number.lowerBound)
    append(line, 0..<number.lowerBound)
    append(line, number.upperBound..<line.count)
    let place = lines.number(of: row)
    if place == replies.count { replies.append(nil) }
    return place
  }

  /// Eight bytes make a word.
  private mutating func append(_ line: [UInt8], _ range: Range<Int>) {
    var word: UInt64 = 0
    for place in range {
      word = word << 8 | UInt64(line[place])
      if (place - range.lowerBound) & 7 == 7 { row.append(Int(truncatingIfNeeded: word)) }
    }
    row.append(Int(truncatingIfNeeded: word))
  }

  subscript(place: Int) -> SubjectReply? {
    get { replies[place] }
    set { replies[place] = newValue }
  }
}

/// Where the parts of a JSON text begin and end.
private struct Outline {
  private let bytes: [UInt8]
  private(set) var place: Int

  init(_ bytes: [UInt8], from place: Int = 0) {
    self.bytes = bytes
    self.place = place
  }

  var isAtEnd: Bool {
    mutating get {
      skipBlanks()
      return place == bytes.count
    }
  }

  private mutating func skipBlanks() {
    while place < bytes.count, [0x20, 0x09, 0x0D].contains(bytes[place]) { place += 1 }
  }

  /// Steps over a character behind blanks; false where another is there.
  mutating func take(_ byte: UInt8) -> Bool {
    skipBlanks()
    guard place < bytes.count, bytes[place] == byte else { return false }
    place += 1
    return true
  }

  /// Keys, without their quotes, and values of an object; nil where it is not one, or where a key
  /// has an escape.
  mutating func members() -> [(key: Range<Int>, value: Range<Int>)]? {
    guard take(0x7B) else { return nil }
    var result: [(key: Range<Int>, value: Range<Int>)] = []
    if take(0x7D) { return result }
    while true {
      guard take(0x22) else { return nil }
      let start = place
      while place < bytes.count, bytes[place] != 0x22 {
        if bytes[place] == 0x5C { return nil }
        place += 1
      }
      let key = start..<place
      guard take(0x22), take(0x3A) else { return nil }
      skipBlanks()
      guard let value = value() else { return nil }
      result.append((key, value))
      if take(0x2C) { continue }
      return take(0x7D) ? result : nil
    }
  }

  /// A value: up to a comma or a bracket that closes what is around it.
  private mutating func value() -> Range<Int>? {
    let start = place
    var depth = 0
    while place < bytes.count {
      switch bytes[place] {
      case 0x22:
        place += 1
        while place < bytes.count, bytes[place] != 0x22 {
          place += bytes[place] == 0x5C ? 2 : 1
        }
      case 0x7B, 0x5B: depth += 1
      case 0x7D, 0x5D:
        if depth == 0 { return start < place ? start..<place : nil }
        depth -= 1
      case 0x2C where depth == 0: return start < place ? start..<place : nil
      default: break
      }
      place += 1
    }
    return nil
  }

  /// Where the number of the request stands, if no object or array comes before it in the line:
  /// what is in one may have the same key.
  static func firstAnswered(in line: [UInt8]) -> Range<Int>? {
    guard line.first == 0x7B else { return nil }
    var place = 1
    while place < line.count, line[place] != 0x7B, line[place] != 0x5B {
      if line[place] == 0x22, line[place...].starts(with: key) {
        let start = place + key.count
        let end = line[start...].firstIndex { $0 < 0x30 || $0 > 0x39 } ?? line.count
        return start..<end
      }
      place += 1
    }
    return nil
  }

  private static let key = Array("\"re\":".utf8)

  static func integer(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard !bytes.isEmpty, bytes.count < 18 else { return nil }
    var result = 0
    for byte in bytes {
      guard byte >= 0x30, byte <= 0x39 else { return nil }
      result = result * 10 + Int(byte - 0x30)
    }
    return result
  }

  /// Seconds with at most nine places as nanoseconds; nil for any other way to write a number.
  static func nanoseconds(_ bytes: ArraySlice<UInt8>) -> Int64? {
    let parts = bytes.split(separator: 0x2E, maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first.flatMap(integer), whole < 1_000_000_000 else { return nil }
    var result = Int64(whole) * 1_000_000_000
    guard parts.count == 2 else { return result }
    guard parts[1].count <= 9, let fraction = integer(parts[1]) else { return nil }
    var scaled = Int64(fraction)
    for _ in parts[1].count..<9 { scaled *= 10 }
    result += scaled
    return result
  }
}
