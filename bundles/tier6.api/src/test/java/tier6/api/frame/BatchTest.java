package tier6.api.frame;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BatchTest {
    @Test
    void keepsElementsApart() {
        Batch batch = new Batch(3, 4, 200);
        batch.append(new byte[] {1, 2, 3}, 0, 3);
        batch.append(new byte[] {9, 4, 5, 9}, 1, 2);
        assertEquals(3, batch.lane());
        assertEquals(2, batch.count());
        assertEquals(5, batch.bytes());
        assertArrayEquals(new byte[] {1, 2, 3}, batch.copy(0));
        assertArrayEquals(new byte[] {4, 5}, batch.copy(1));
        assertTrue(batch.offset(1) >= batch.offset(0) + 3 + Batch.TAILROOM, "tailroom behind the first");
    }

    @Test
    void takesWhatItHasRoomFor() {
        Batch batch = new Batch(0, 2, 100 + Batch.TAILROOM);
        assertEquals(100, batch.room());
        assertTrue(batch.fits(100));
        assertFalse(batch.fits(101));
        assertThrows(IndexOutOfBoundsException.class, () -> batch.append(101));
        assertThrows(IndexOutOfBoundsException.class, () -> batch.append(-1));
        assertEquals(0, batch.count());
        assertEquals(0, batch.append(100));
        assertEquals(0, batch.room());
        assertFalse(batch.fits(0));
    }

    @Test
    void endsAtTheGreatestCount() {
        Batch batch = new Batch(0, 2, 1000);
        batch.append(1);
        batch.append(1);
        assertEquals(0, batch.room());
        assertThrows(IndexOutOfBoundsException.class, () -> batch.append(1));
        batch.clear();
        assertTrue(batch.isEmpty());
        assertEquals(1000 - Batch.TAILROOM, batch.room());
    }

    @Test
    void letsProducersWriteFirst() {
        Batch batch = new Batch(0, 4, 400);
        batch.append(10);
        int at = batch.position();
        batch.data()[at] = 42;
        assertEquals(at, batch.append(1));
        assertArrayEquals(new byte[] {42}, batch.copy(1));
    }

    @Test
    void selectsWithoutCopying() {
        Batch source = new Batch(1, 4, 400);
        source.append(new byte[] {1}, 0, 1);
        source.append(new byte[] {2, 2}, 0, 2);
        source.append(new byte[] {3, 3, 3}, 0, 3);
        Batch some = Batch.selection(1, 2);
        some.selectFrom(source);
        some.select(source.offset(2), source.length(2));
        some.select(source.offset(0), source.length(0));
        assertSame(source.data(), some.data());
        assertEquals(2, some.count());
        assertArrayEquals(new byte[] {3, 3, 3}, some.copy(0));
        assertArrayEquals(new byte[] {1}, some.copy(1));
        some.selectFrom(source);
        assertTrue(some.isEmpty());
    }

    @Test
    void belongsToALane() {
        assertThrows(IllegalArgumentException.class, () -> new Batch(Batch.MAX_LANES, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> Batch.selection(-1, 1));
    }
}
