package tier6.launcher.network;

import com.google.zxing.EncodeHintType;
import com.google.zxing.WriterException;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Draws QR codes with characters, two modules one above the other in each, light ones in the colour of the text. */
final class QrCode {
    private static final int QUIET = 2;

    private QrCode() {}

    /** The lines of the drawing, in UTF-8. What it says is in them: the caller clears them if it is a secret. */
    static byte[] draw(byte[] ascii) {
        ByteMatrix modules;
        try {
            modules = Encoder.encode(
                            new String(ascii, StandardCharsets.US_ASCII),
                            ErrorCorrectionLevel.L,
                            Map.of(EncodeHintType.MARGIN, 0))
                    .getMatrix();
        } catch (WriterException e) {
            throw new IllegalArgumentException("no QR code holds " + ascii.length + " characters", e);
        }
        StringBuilder drawing = new StringBuilder();
        for (int y = -QUIET; y < modules.getHeight() + QUIET; y += 2) {
            for (int x = -QUIET; x < modules.getWidth() + QUIET; x++) {
                boolean above = isLight(modules, x, y);
                boolean below = isLight(modules, x, y + 1);
                drawing.append(above ? below ? '\u2588' : '\u2580' : below ? '\u2584' : ' ');
            }
            drawing.append('\n');
        }
        return drawing.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isLight(ByteMatrix modules, int x, int y) {
        boolean inside = x >= 0 && y >= 0 && x < modules.getWidth() && y < modules.getHeight();
        return !inside || modules.get(x, y) == 0;
    }
}
