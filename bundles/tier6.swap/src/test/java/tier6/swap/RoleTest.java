package tier6.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tier6.api.event.NodeEvent;
import tier6.api.node.Node;
import tier6.api.node.RoleStatus;

/** Who gets a role, in virtual time. */
class RoleTest {
    private static final long GRACE_SECONDS = 60;

    private final List<NodeEvent> events = new ArrayList<>();
    private final List<String> taken = new ArrayList<>();
    private long now = Long.MAX_VALUE - 1; // the clock may overflow
    private String refused = "";
    private Role<String> role;

    /** A backend that can be had, and counts by how many it is. */
    private static final class Candidate implements Backend<String> {
        private final String kind;
        private final String version;
        private final int ranking;
        private final long id;
        private boolean updated;
        private int users;

        Candidate(String kind, String version, int ranking, long id) {
            this.kind = kind;
            this.version = version;
            this.ranking = ranking;
            this.id = id;
        }

        @Override
        public String kind() {
            return kind;
        }

        @Override
        public String bundle() {
            return "bundle." + kind;
        }

        @Override
        public String version() {
            return version;
        }

        @Override
        public long bundleId() {
            return id;
        }

        @Override
        public int ranking() {
            return ranking;
        }

        @Override
        public long order() {
            return id;
        }

        @Override
        public boolean matches(String filter) {
            return kind.equals(filter);
        }

        @Override
        public String get(boolean lasting) {
            users++;
            return kind + " " + version;
        }

        @Override
        public void release() {
            users--;
        }

        @Override
        public boolean isUpdated() {
            return updated;
        }
    }

    @BeforeEach
    void nobodyHasIt() {
        make(new Role.Manner("tap", true, false));
    }

    private void make(Role.Manner manner) {
        role = new Role<>(manner, this::take, events::add, () -> now);
        role.configure("", Duration.ofSeconds(GRACE_SECONDS));
    }

    private void take(String service) throws IOException {
        if (service != null && service.equals(refused)) {
            throw new IOException("no room");
        }
        taken.add(service);
    }

    private Candidate add(String kind, String version, int ranking) {
        Candidate candidate = new Candidate(
                kind,
                version,
                ranking,
                taken.size() + 100L + role.status().alternatives().size());
        role.add(candidate);
        return candidate;
    }

    private void pass(long seconds) {
        now += TimeUnit.SECONDS.toNanos(seconds);
        role.decide();
    }

    private String serving() {
        return role.status().serving().map(RoleStatus.Backend::name).orElse("none");
    }

    private String problem() {
        return role.status().problem().orElse("none");
    }

    @Test
    void theHighestRankingHasItAndATieChangesNothing() {
        add("plain", "1.0.0", 0);
        role.decide();
        assertEquals("plain", serving());
        add("other", "1.0.0", 0);
        role.decide();
        assertEquals("plain", serving());
        add("better", "1.0.0", 10);
        role.decide();
        assertEquals("better", serving());
        assertEquals(List.of("plain 1.0.0", "better 1.0.0"), taken);
        assertEquals(new NodeEvent.BackendChanged("tap", "better"), events.get(events.size() - 1));
    }

    @Test
    void theNewerVersionOfABundleHasItAsSoonAsItIsThere() {
        Candidate old = add("linux", "0.9.0", 0);
        role.decide();
        Candidate young = add("linux", "0.10.0", 0);
        role.decide();
        assertEquals("linux@0.10.0", serving());
        assertEquals(0, old.users);
        assertEquals(1, young.users);
    }

    @Test
    void oneThatFailsLeavesTheOneBeforeAndSaysWhy() {
        Candidate good = add("good", "1.0.0", 0);
        role.decide();
        refused = "bad 1.0.0";
        Candidate bad = add("bad", "1.0.0", 10);
        role.decide();
        assertEquals("good", serving());
        assertEquals("bad of bundle.bad 1.0.0 cannot serve: no room", problem());
        assertEquals(new NodeEvent.SwapFailed("tap", "bad", "no room", "good"), events.get(events.size() - 1));
        assertEquals(1, good.users);
        assertEquals(0, bad.users);
    }

    @Test
    void theSecondBestIsTriedAtOnce() {
        refused = "best 1.0.0";
        add("plain", "1.0.0", 0);
        role.decide();
        add("second", "1.0.0", 10);
        add("best", "1.0.0", 20);
        role.decide();
        assertEquals("second", serving());
    }

    @Test
    void oneThatFailedIsTriedAgainWhenNobodyServes() {
        refused = "late 1.0.0";
        add("late", "1.0.0", 0);
        role.decide();
        assertEquals("none", serving());
        refused = "";
        pass(1);
        assertEquals("none", serving(), "not yet");
        pass(5);
        assertEquals("late", serving());
        assertEquals("none", problem());
    }

    @Test
    void itOutlivesItsBundleForTheGracePeriodUnlessOneOfItsKindComes() {
        Candidate first = add("linux", "1.0.0", 0);
        add("memory", "1.0.0", -10);
        role.decide();
        role.remove(first);
        pass(GRACE_SECONDS - 1);
        assertTrue(problem().contains("bundle.linux 1.0.0 is gone; it serves on"), problem());
        assertEquals(1, first.users);
        add("linux", "1.0.1", 0);
        pass(0);
        assertEquals("linux", serving());
        assertEquals(0, first.users);
        assertEquals(List.of("linux 1.0.0", "linux 1.0.1"), taken);
    }

    @Test
    void anotherKindTakesOverWhenTheGracePeriodIsOver() {
        Candidate first = add("linux", "1.0.0", 0);
        add("memory", "1.0.0", -10);
        role.decide();
        role.remove(first);
        pass(GRACE_SECONDS);
        assertEquals("memory", serving());
    }

    @Test
    void oneWhoseUpdateDoesNotWorkServesOnForAsLongAsItTakes() {
        Candidate first = add("linux", "1.0.0", 0);
        role.decide();
        first.updated = true;
        role.remove(first);
        pass(10 * GRACE_SECONDS);
        assertEquals(1, first.users);
        assertEquals(List.of("linux 1.0.0"), taken);
    }

    @Test
    void oneThatCannotOutliveItsBundleIsReplacedAtOnceOrLeavesNobody() {
        make(new Role.Manner("switch", false, true));
        Candidate first = add("learning", "1.0.0", 0);
        Candidate second = add("other", "1.0.0", 0);
        role.decide();
        role.remove(first);
        role.decide();
        assertEquals("other", serving());
        role.remove(second);
        role.decide();
        assertEquals("none", serving());
        assertEquals(null, taken.get(taken.size() - 1));
        assertEquals(new NodeEvent.BackendChanged("switch", "none"), events.get(events.size() - 1));
    }

    @Test
    void whoIsAskedForHasItAndBackIsOneWord() throws IOException {
        add("linux", "1.0.0", 10);
        add("memory", "1.0.0", 0);
        role.decide();
        role.swap("memory");
        pass(100);
        assertEquals("memory", serving(), "it stays, although the other ranks higher");
        role.swap(Node.BACK);
        assertEquals("linux", serving());
    }

    @Test
    void aNameThatNobodyHasIsAnsweredWithThoseThatAre() {
        add("linux", "1.0.0", 10);
        add("memory", "1.0.0", 0);
        role.decide();
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> role.swap("windows"));
        assertEquals("nobody called \"windows\" can have the role tap; there are: memory", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> role.swap(Node.BACK), "nobody had it before");
    }

    @Test
    void aSwapThatFailsSaysWhoServesOn() {
        add("linux", "1.0.0", 10);
        add("memory", "1.0.0", 0);
        role.decide();
        refused = "memory 1.0.0";
        IOException e = assertThrows(IOException.class, () -> role.swap("memory"));
        assertEquals("memory of bundle.memory 1.0.0 cannot serve: no room; linux serves on", e.getMessage());
        pass(100);
        assertEquals("linux", serving());
    }

    @Test
    void theConfigurationMayAdmitOneOnly() {
        role.configure("memory", Duration.ofSeconds(GRACE_SECONDS));
        add("linux", "1.0.0", 10);
        add("memory", "1.0.0", 0);
        role.decide();
        assertEquals("memory", serving());
        role.configure("", Duration.ofSeconds(GRACE_SECONDS));
        role.decide();
        assertEquals("linux", serving());
    }

    @Test
    void oneThatFailsAtItsWorkGivesWayToAnyOtherUntilItIsAskedFor() throws IOException {
        Candidate good = add("good", "1.0.0", 0);
        Candidate bad = add("bad", "1.0.0", 10);
        role.decide();
        assertEquals("bad", serving());
        role.fails("it threw");
        role.decide();
        assertEquals("good", serving());
        assertEquals("bad of bundle.bad 1.0.0 fails: it threw", problem());
        pass(3600);
        add("plain", "1.0.0", 0);
        role.decide();
        assertEquals("good", serving(), "what failed does not come back by itself");
        assertEquals(1, good.users);
        assertEquals(0, bad.users);
        role.swap("bad");
        assertEquals("bad", serving());
        assertEquals("none", problem());
    }

    @Test
    void oneThatFailsAtItsWorkGoesOnUntilSomebodyElseComes() {
        add("bad", "1.0.0", 10);
        role.decide();
        role.fails("it threw");
        pass(1);
        assertEquals("bad", serving());
        assertEquals(List.of("bad 1.0.0"), taken);
        assertEquals("bad of bundle.bad 1.0.0 fails: it threw", problem());
        refused = "worse 1.0.0";
        add("worse", "1.0.0", 0);
        role.decide();
        assertEquals("bad", serving());
        refused = "";
        pass(6);
        assertEquals("worse", serving());
    }

    @Test
    void oneThatLosesTheRoleAgainAndAgainWaitsBetweenItsTries() {
        add("bad", "1.0.0", 0);
        role.decide();
        pass(3600);
        role.lost("gone");
        role.decide();
        assertEquals(2, taken.size(), "who served for long is tried at once");
        role.lost("gone");
        role.decide();
        assertEquals("none", serving());
        assertEquals("bad of bundle.bad 1.0.0 fails: gone", problem());
        pass(4);
        assertEquals(2, taken.size());
        pass(2);
        assertEquals("bad", serving());
        assertEquals("none", problem());
    }

    @Test
    void ofTwoThatLoseTheRoleNeitherIsTriedWithoutAPause() {
        add("bad", "1.0.0", 0);
        add("worse", "1.0.0", 0);
        for (int i = 0; i < 10; i++) {
            role.decide();
            role.lost("gone");
        }
        assertEquals(2, taken.size());
        pass(6);
        assertEquals(3, taken.size());
    }
}
