package tier6.cathedral;

/**
 * Who is at a cathedral.
 *
 * @param flocks flocks in its settings
 * @param devices devices in its settings
 * @param tunnels ends of tunnels that devices announced here
 * @param federatedTunnels ends of tunnels that devices announced at other cathedrals
 * @param liturgies devices that take part in liturgies, here or elsewhere
 */
public record CathedralStatus(int flocks, int devices, int tunnels, int federatedTunnels, int liturgies) {
    static final CathedralStatus NOTHING = new CathedralStatus(0, 0, 0, 0, 0);
}
