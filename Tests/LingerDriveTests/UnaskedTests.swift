import Linger
import LingerDrive
import LingerKernel
import LingerModel
import LingerReport
import LingerTestSupport
import Testing

/// A program on the wall clock says things unasked; each belongs to the run in which it was said.
@Suite("what a program says unasked")
struct UnaskedTests {
  private static let spec = """
    protocol Lamp
    message Light { on: Bool }
    network {
      Lamp -> Eye: Light
      loss, capacity 1
    }
    role Lamp {
      var on: Bool = false
      transition toggle on call toggle() {
        on = !on
        send Light(on: on)
      }
      transition blink on internal { send Light(on: on) }
    }
    role Eye { otherwise receive { } }
    instances lamp: Lamp
    instances eye: Eye
    """

  /// A lamp that says something unasked before each answer.
  private final class Blinking: LineChannel {
    private var unread: [String] = []
    private let saysEarly: String

    init(saysEarly: String) { self.saysEarly = saysEarly }

    var clock: Int64 { 0 }

    func start() {}
    func stop() {}

    func send(_ lines: [UInt8]) {
      for line in String(decoding: lines, as: UTF8.self).split(separator: "\n") {
        let id = (line.split(separator: "\"id\":").last ?? "").drop { !$0.isNumber }
          .prefix { $0.isNumber }
        if line.contains("\"hello\"") {
          unread.append(
            #"{"type":"hello_ok","re":\#(id),"version":1,"capabilities":{"reset":true}}"#
          )
        } else if !line.contains("\"bye\"") {
          unread.append(saysEarly)
          unread.append(#"{"type":"done","re":\#(id),"out":[]}"#)
        }
      }
    }

    func receive() throws(SubjectFailure) -> [UInt8] {
      guard !unread.isEmpty else { throw .hang("nothing") }
      return Array(unread.removeFirst().utf8)
    }

    func receive(until moment: Int64) -> [UInt8]? { nil }
  }

  private func subject(saying event: String) throws -> LineSubject {
    let specification = Specification.load(
      "lamp.linger",
      profile: nil,
      parameters: [],
      following: true
    ) { _ in Array(Self.spec.utf8) }
    var made: LineSubject?
    _ = try Driving(specification, name: "lamp", DrivingOptions()) { conformance in
      let subject = LineSubject(conformance, Blinking(saysEarly: event), quietTime: 1)
      made = subject
      return subject
    }
    return try #require(made)
  }

  @Test("before the answer to a reset is of the run before")
  func beforeReset() throws {
    let event = #"{"type":"event","at":1.5,"message":"Light","fields":{"on":true}}"#
    let subject = try subject(saying: event)
    #expect(try subject.reset(seed: 1).outputs.isEmpty)
    let reply = try subject.take(.call(name: "toggle", arguments: []), at: 0)
    #expect(reply.outputs.map(\.time) == [1_500_000_000])
    #expect(try subject.reset(seed: 2).outputs.isEmpty)
  }

  @Test("and is no answer to it: nonsense fails there too")
  func nonsenseBeforeReset() throws {
    let subject = try subject(saying: #"{"type":"event","at":1.5,"message":"Dark"}"#)
    #expect(throws: SubjectFailure.self) { try subject.reset(seed: 1) }
  }
}
