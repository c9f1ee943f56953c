import LingerDiagnostics
import LingerModel

/// Phase 3: which messages travel from which role to which.
///
/// Reads the ``Declarations``; `RouteCollector` makes it. Nothing changes it afterwards.
struct RouteTable {
  /// One kind of message from one role to another.
  struct Route {
    var network: Int
    var sender: Int
    var receiver: Int
    var message: Int
    var span: Span
  }

  /// What a route is found by.
  private struct Key: Hashable {
    var sender: Int
    var receiver: Int
    var message: Int
  }

  /// Every route, in order of declaration, and by what it carries.
  private(set) var all: [Route] = []
  private var numbers: [Key: Int] = [:]
  /// By receiver and message, the roles that send it; and the messages alone, sorted.
  private var arriving: [Int: [Int: [Int]]] = [:]
  private var arrivingMessages: [Int: [Int]] = [:]
  /// By sender and message (the receiver is -1), the roles that get it.
  private var departing: [Key: [Int]] = [:]
  /// By network, for the model.
  private(set) var ofNetwork: [[Network.Route]] = []
  /// Whether every route was understood; if not, what seems to lack one may have it.
  private(set) var areSound = true

  /// Enters a route; where there is one already that stays, and is the result.
  mutating func enter(_ route: Route) -> Route? {
    let key = Key(sender: route.sender, receiver: route.receiver, message: route.message)
    if let first = numbers[key] { return all[first] }
    numbers[key] = all.count
    arriving[route.receiver, default: [:]][route.message, default: []].append(route.sender)
    departing[Key(sender: route.sender, receiver: -1, message: route.message), default: []]
      .append(route.receiver)
    all.append(route)
    return nil
  }

  /// Ends a network: its routes as the model has them, and whether all were understood.
  mutating func close(_ routes: [Network.Route], areSound: Bool) {
    ofNetwork.append(routes)
    self.areSound = self.areSound && areSound
    arrivingMessages = arriving.mapValues { $0.keys.sorted() }
  }

  /// The network that carries a message between two roles.
  func network(from sender: Int, to receiver: Int, message: Int) -> Int? {
    numbers[Key(sender: sender, receiver: receiver, message: message)].map { all[$0].network }
  }

  /// The roles that routes lead to: one kind of message, from one role.
  func receivers(from sender: Int, of message: Int) -> [Int] {
    departing[Key(sender: sender, receiver: -1, message: message)] ?? []
  }

  /// The messages that routes bring to a role, in order of declaration.
  func messagesArriving(at role: Int) -> [Int] {
    arrivingMessages[role] ?? []
  }

  /// Whether some route brings a message to a role.
  func bring(_ message: Int, to role: Int) -> Bool {
    arriving[role]?[message] != nil
  }

  /// The roles that send to a role: one kind of message, or any.
  func senders(to role: Int, of message: Int?) -> [Int] {
    let carried = arriving[role] ?? [:]
    if let message { return (carried[message] ?? []).sorted() }
    return Set(carried.values.joined()).sorted()
  }
}
