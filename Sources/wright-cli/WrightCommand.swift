@main
struct WrightCommand {
    static func main() {}
}
