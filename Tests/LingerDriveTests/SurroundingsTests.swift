import LingerConform
@testable import LingerDrive
import LingerKernel
import LingerModel
import LingerTestSupport
import Testing

/// What the network around a subject does with messages.
@Suite("networks around a subject")
struct SurroundingsTests {
  private static func spec(_ network: String, sink: String = "") -> String {
    """
    protocol Items
    message Item { number: 0...9 }
    network {
      Source -> Sink: Item
      \(network)
    }
    role Source { transition give on call give(n: 0...9) { send Item(number: n) } }
    role Sink {
      \(sink)
      otherwise receive { }
    }
    instances source: Source
    instances sink: Sink
    """
  }

  private static let source = 0
  private static let sink = 1
  private static let second: Int64 = 1_000_000_000

  /// Nothing on its way yet.
  private func surroundings(_ network: String, sink: String = "") throws -> Surroundings {
    let model = try Model(spec: Self.spec(network, sink: sink))
    return Surroundings(World(try Subject(Self.source, of: model)))
  }

  private func item(_ number: Int) -> SeenMessage { SeenMessage(record: 0, values: [number]) }

  private func send(_ numbers: [Int], _ surroundings: inout Surroundings) {
    for number in numbers {
      surroundings.send(
        Surroundings.Flying(
          message: surroundings.world.number(of: item(number)),
          network: 0,
          sender: Self.source,
          receiver: Self.sink,
          sentAt: surroundings.time
        )
      )
    }
  }

  private func deliverable(_ surroundings: Surroundings) -> [Int] {
    surroundings.deliverable(to: Self.sink).map { surroundings.message(at: $0).values[0] }
  }

  @Test("a queue keeps the order")
  func queue() throws {
    var surroundings = try self.surroundings("loss, capacity 3")
    send([4, 2, 2], &surroundings)
    #expect(deliverable(surroundings) == [4])
    #expect(surroundings.place(of: .newest, to: Self.sink) == 0)
    #expect(surroundings.place(of: .message(item(2)), to: Self.sink) == nil)
    _ = surroundings.take(0, keepingCopy: false)
    #expect(deliverable(surroundings) == [2])
    _ = surroundings.take(0, keepingCopy: false)
    _ = surroundings.take(0, keepingCopy: false)
    #expect(deliverable(surroundings) == [])
  }

  @Test("a full queue drops what is sent")
  func fullQueue() throws {
    var surroundings = try self.surroundings("loss, capacity 2")
    send([1, 2, 3], &surroundings)
    #expect(surroundings.flying.indices.map { surroundings.message(at: $0).values } == [[1], [2]])
  }

  @Test("a multiset delivers in any order, each copy once")
  func multiset() throws {
    var surroundings = try self.surroundings("loss, reordering, capacity 2")
    send([4, 2, 2, 2], &surroundings)
    #expect(deliverable(surroundings) == [4, 2, 2])
    let place = try #require(surroundings.place(of: .message(item(2)), to: Self.sink))
    #expect(surroundings.message(at: place) == item(2))
    _ = surroundings.take(place, keepingCopy: false)
    #expect(deliverable(surroundings) == [4, 2])
    #expect(!surroundings.mayCopy(0))
  }

  @Test("a set has each message once, and it may stay")
  func set() throws {
    var surroundings = try self.surroundings("loss, duplication, reordering")
    send([4, 2, 4], &surroundings)
    #expect(deliverable(surroundings) == [2, 4])
    #expect(surroundings.mayCopy(0))
    _ = surroundings.take(0, keepingCopy: true)
    #expect(deliverable(surroundings) == [2, 4])
    _ = surroundings.take(0, keepingCopy: false)
    #expect(deliverable(surroundings) == [4])
  }

  @Test("budgets are used up")
  func budgets() throws {
    var surroundings = try self.surroundings("loss 1, duplication 2, reordering, capacity 4")
    send([1, 2, 3], &surroundings)
    #expect(surroundings.mayLose(0) && surroundings.mayCopy(0))
    surroundings.lose(0)
    #expect(!surroundings.mayLose(0))
    _ = surroundings.take(0, keepingCopy: true)
    #expect(surroundings.mayCopy(0))
    _ = surroundings.take(1, keepingCopy: true)
    #expect(!surroundings.mayCopy(0))
    #expect(deliverable(surroundings) == [2, 3])
  }

  @Test("a network that loses nothing loses nothing")
  func noLoss() throws {
    var surroundings = try self.surroundings("reordering")
    send([1], &surroundings)
    #expect(!surroundings.mayLose(0) && !surroundings.mayCopy(0))
  }

  @Test("a message is gone when its life is over, to the nanosecond")
  func lifetime() throws {
    var surroundings = try self.surroundings("loss, duplication, reordering\nlifetime 2 s")
    send([1], &surroundings)
    surroundings.pass(to: Self.second)
    send([2], &surroundings)
    surroundings.pass(to: 2 * Self.second - 1)
    #expect(deliverable(surroundings) == [1, 2])
    surroundings.pass(to: 2 * Self.second)
    #expect(deliverable(surroundings) == [2])
  }

  @Test("a message arrives within its delay")
  func delay() throws {
    var surroundings = try self.surroundings("reordering\ndelay 1 s...3 s")
    send([1], &surroundings)
    #expect(deliverable(surroundings) == [])
    surroundings.pass(to: Self.second)
    #expect(deliverable(surroundings) == [1])
    // It is not lost, so that time cannot pass beyond.
    #expect(surroundings.latest == 3 * Self.second)
    _ = surroundings.take(0, keepingCopy: false)
    #expect(surroundings.latest == .max)
  }

  @Test("timers of another party expire when they are due")
  func timers() throws {
    let sink = """
      timer tick armed for 1 s
      transition again on timeout tick { start tick for 2 s }
      """
    var surroundings = try self.surroundings("loss", sink: sink)
    #expect(surroundings.nextDue == Self.second)
    surroundings.pass(to: Self.second)
    #expect(surroundings.nextDue == 3 * Self.second)
  }

  @Test("timers that go off for ever at one moment are given up")
  func timersForEver() throws {
    let sink = """
      timer tick armed for 1 s
      transition again on timeout tick { start tick for 0 s }
      """
    var surroundings = try self.surroundings("loss", sink: sink)
    let goesOn = surroundings.pass(to: Self.second)
    #expect(!goesOn)
  }
}
