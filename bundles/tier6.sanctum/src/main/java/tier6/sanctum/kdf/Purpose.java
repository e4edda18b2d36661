package tier6.sanctum.kdf;

/** What a base key is for (specification section 3.1). */
public enum Purpose {
    PEER_OFFER("SANCTUM.PEER.OFFER.KDF"),
    TRAFFIC_RX("SANCTUM.KEY.TRAFFIC.RX.KDF"),
    TRAFFIC_TX("SANCTUM.KEY.TRAFFIC.TX.KDF"),
    KEK_UNWRAP("SANCTUM.KEY.KEK.UNWRAP.KDF"),
    CATHEDRAL_OFFER("SANCTUM.CATHEDRAL.OFFER.KDF"),
    SHROUD_CATHEDRAL("SANCTUM.CATHEDRAL.SHROUD.KEY"),
    SHROUD_PEER("SANCTUM.SHROUD.KEY");

    private final String label;

    Purpose(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
