import LingerDiagnostics
import LingerModel
import LingerSyntax

/// Enters the routes of every network; what is wrong with them goes to the log.
struct RouteCollector: NameLookup {
  let declared: Declarations
  let log: DiagnosticLog
  private(set) var table = RouteTable()

  init(_ declared: Declarations, log: DiagnosticLog) {
    self.declared = declared
    self.log = log
    for number in declared.networks.indices { collect(number) }
  }

  private mutating func collect(_ network: Int) {
    let routes = declared.networks[network].syntax.routes
    var areSound = !routes.isEmpty
    var built: [Network.Route] = []
    for route in routes {
      let sender = role(route.sender)
      let receiver = role(route.receiver)
      let messages = route.messages.map { name in self.message(name).map { (name, $0) } }
      if sender == nil || receiver == nil || messages.contains(where: { $0 == nil }) {
        areSound = false
      }
      guard let sender, let receiver else { continue }
      var carried: [Int] = []
      for case .some(let (name, message)) in messages
      where enter(network, sender, receiver, message, name) {
        carried.append(message)
      }
      if !carried.isEmpty {
        built.append(Network.Route(sender: sender, receiver: receiver, messages: carried))
      }
    }
    if routes.isEmpty {
      error(
        .networkWithoutRoutes,
        "the network carries nothing",
        at: declared.networks[network].span,
        help: "declare a route: 'Sender -> Receiver: Message'"
      )
    }
    table.close(built, areSound: areSound)
  }

  /// Enters a route; false, with a report, where there is one already.
  private mutating func enter(
    _ network: Int,
    _ sender: Int,
    _ receiver: Int,
    _ message: Int,
    _ name: Identifier
  ) -> Bool {
    let route = RouteTable.Route(
      network: network,
      sender: sender,
      receiver: receiver,
      message: message,
      span: name.span
    )
    guard let first = table.enter(route) else { return true }
    let names = (declared.roles[sender].name.text, declared.roles[receiver].name.text)
    error(
      .routeTwice,
      "'\(name.text)' has two routes from '\(names.0)' to '\(names.1)'",
      at: name.span,
      notes: [Diagnostic.Note("the first one is here", at: first.span)],
      help: first.network == network
        ? nil : "a message travels over one network: give each network messages of its own"
    )
    return false
  }
}
