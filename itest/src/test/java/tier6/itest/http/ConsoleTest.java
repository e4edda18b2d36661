package tier6.itest.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import tier6.admission.AdmissionClient;
import tier6.admission.InvitationText;
import tier6.admission.Seat;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.crypto.RandomSource;

/**
 * The console of a live mesh in a real browser, step by step as a person would. The screenshots of the README come from
 * here: see distribution/docs/console.md.
 */
@Timeout(150)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsoleTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    /** Where the screenshots go. */
    private static final Path SHOTS = Path.of(System.getProperty("tier6.screenshots", "target/screenshots"));

    private static final int WIDE = 1240;
    private static final int NARROW = 390;

    @TempDir
    static Path directory;

    private static LiveMesh mesh;
    private static ChromeDriver browser;

    @BeforeAll
    static void start() throws Exception {
        Optional<File> driver = find("chromedriver");
        Optional<File> chromium = find("chromium").or(() -> find("google-chrome"));
        assumeTrue(
                driver.isPresent() && chromium.isPresent(),
                "needs chromium and chromedriver (Debian packages chromium and chromium-driver)");
        mesh = new LiveMesh(directory, 5);
        for (int node = 1; node <= 4; node++) {
            mesh.start(node);
        }
        mesh.makeTraffic();
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.get());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--lang=en");
        LoggingPreferences logging = new LoggingPreferences();
        logging.enable(LogType.BROWSER, java.util.logging.Level.ALL);
        options.setCapability(ChromeOptions.LOGGING_PREFS, logging);
        browser = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(driver.get())
                        .build(),
                options);
        resize(WIDE, 900);
    }

    private static Optional<File> find(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(place -> new File(place, program))
                .filter(File::canExecute)
                .findFirst();
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.quit();
        }
        if (mesh != null) {
            mesh.close();
        }
    }

    // What a person does

    private static WebElement find(By what) {
        return browser.findElement(what);
    }

    private static WebElement await(String selector) throws InterruptedException {
        By by = By.cssSelector(selector);
        until(selector, () -> browser.findElements(by).stream().anyMatch(WebElement::isDisplayed));
        return find(by);
    }

    private static void until(String what, java.util.function.BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                if (condition.getAsBoolean()) {
                    return;
                }
            } catch (org.openqa.selenium.StaleElementReferenceException e) {
                // The page drew anew just now.
            }
            assertTrue(
                    System.nanoTime() - end < 0,
                    () -> "waited in vain for " + what + " in\n"
                            + find(By.tagName("body")).getText());
            Thread.sleep(100);
        }
    }

    private static void resize(int width, int height) {
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    }

    private static void wish(String scheme) {
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", scheme),
                                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    }

    private static Object script(String text, Object... arguments) {
        return browser.executeScript(text, arguments);
    }

    private static BufferedImage image(OutputOf from) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(from.get()));
    }

    private interface OutputOf {
        byte[] get();
    }

    /** Keeps what is to be seen, the top of the page, and returns it. */
    private static BufferedImage shoot(String name) throws IOException {
        return shoot(name, "top");
    }

    /** The same with a section on top. */
    private static BufferedImage shoot(String name, String section) throws IOException {
        script(
                "document.getElementById('toasts').replaceChildren();"
                        + "document.getElementById(arguments[0]).scrollIntoView({behavior: 'instant'})",
                section);
        byte[] png = browser.getScreenshotAs(OutputType.BYTES);
        Files.createDirectories(SHOTS);
        Files.write(SHOTS.resolve(name + ".png"), png);
        return image(() -> png);
    }

    private static int number(Object value) {
        return ((Number) value).intValue();
    }

    /** How light the middle of the left edge is, where nothing but the ground is; 0 to 255. */
    private static int ground(BufferedImage image) {
        int rgb = image.getRGB(2, image.getHeight() / 2);
        return ((rgb >> 16 & 255) + (rgb >> 8 & 255) + (rgb & 255)) / 3;
    }

    // The story

    @Test
    @Order(1)
    void nobodyGetsInWithoutTheToken() throws Exception {
        browser.get(mesh.address() + "/");
        WebElement token = await("#token");
        assertEquals("true", String.valueOf(script("return document.activeElement === arguments[0]", token)));
        token.sendKeys("guess", Keys.ENTER);
        until("the refusal", () -> find(By.id("login-error")).getText().contains("not the token"));
        token.sendKeys(mesh.token(), Keys.ENTER);
        await("#peers-rows tr");
        assertEquals("", script("return location.hash + location.search"));
        assertEquals("", script("return document.cookie"), "scripts cannot see the cookie");
        assertTrue(((String) script("return document.getElementById('node').textContent")).startsWith("Device 01"));
    }

    @Test
    @Order(2)
    void aNewPeerAppears() throws Exception {
        until("three peers up", () -> find(By.id("tiles")).getText().contains("3 of 3"));
        assertEquals(
                0, browser.findElements(By.cssSelector("[data-peer$='/05']")).size());
        mesh.start(5);
        await("#peers-rows tr[data-key$='/05']");
        await("#picture [data-peer$='/05']");
        until("the event", () -> find(By.id("events-rows")).getText().contains("Device 05 found"));
        until("all tunnels", () -> find(By.id("tiles")).getText().contains("4 of 4"));
        until(
                "traffic on an edge",
                () -> browser.findElements(By.cssSelector("#picture .flow")).stream()
                        .anyMatch(flow -> flow.getText().contains("kbit/s")));
        until("live", () -> find(By.id("live-text")).getText().equals("Live"));
    }

    @Test
    @Order(3)
    void theKeyboardReachesAPeer() {
        script("document.querySelector('.tabs a').focus()");
        WebElement focused = browser.switchTo().activeElement();
        for (int i = 0; i < 60 && focused.getDomAttribute("data-peer") == null; i++) {
            focused.sendKeys(Keys.TAB);
            focused = browser.switchTo().activeElement();
        }
        String peer = focused.getDomAttribute("data-peer");
        assertTrue(peer != null && peer.startsWith("c0ffee1234567800/"), "Tab reaches a peer in the drawing");
        assertEquals(true, script("return document.activeElement.matches(':focus-visible')"));
        focused.sendKeys(Keys.ENTER);
        assertEquals(
                "true",
                find(By.cssSelector("#peers-rows tr[data-key='" + peer + "']")).getDomAttribute("aria-selected"));
        browser.switchTo().activeElement().sendKeys(Keys.SPACE);
        assertEquals(
                "false",
                find(By.cssSelector("#peers-rows tr[data-key='" + peer + "']")).getDomAttribute("aria-selected"));
    }

    @Test
    @Order(4)
    void everythingHasAName() {
        assertEquals(List.of(), script("""
                        return [...document.querySelectorAll('button, input, select, a, [role=button], section, nav, dialog')]
                          .filter(e => !e.closest('dialog:not([open]), [hidden]') && !(e.getAttribute('aria-label') || e.labels?.length || e.textContent.trim()
                            || e.getAttribute('aria-labelledby')))
                          .map(e => e.outerHTML)"""));
        assertEquals("en", find(By.tagName("html")).getDomAttribute("lang"));
        assertEquals(1L, script("return document.querySelectorAll('main').length"));
    }

    @Test
    @Order(5)
    void aBackendIsSwappedWhileItRuns() throws Exception {
        String role = "#roles [data-role=underlay] ";
        WebElement button = await(role + ".swap button");
        String before = find(By.cssSelector(role + ".serving")).getText();
        String after = button.getText().replace("Swap to ", "");
        button.sendKeys(Keys.ENTER);
        await("#question[open]");
        assertTrue(find(By.id("question-title")).getText().contains(after));
        find(By.id("question-yes")).sendKeys(Keys.ENTER);
        until(
                "the other backend",
                () -> find(By.cssSelector(role + ".serving")).getText().equals(after));
        assertTrue(find(By.id("toasts")).getText().contains(after));
        until(
                "the way back",
                () -> find(By.cssSelector(role + ".swap")).getText().contains(before));
        until("the event", () -> find(By.id("events-rows")).getText().contains(after));
        until("all tunnels", () -> find(By.id("tiles")).getText().contains("4 of 4"));
    }

    /** The device that wishes to come in is a real one, at the real door. */
    @Test
    @Order(6)
    void aDeviceIsInvitedAndApproved() throws Exception {
        assertFalse(find(By.id("devices")).isDisplayed(), "a node that keeps no flock has no devices");
        mesh.keepFlock("home");
        await("#devices");
        find(By.cssSelector("#invite button")).sendKeys(Keys.ENTER);
        await("#invitation");
        String[] line = find(By.id("invitation-text")).getText().split(" ");
        assertEquals("tier6 join", line[0] + " " + line[1]);
        until("the invitation", () -> find(By.id("invitations-rows")).getText().contains("0 of 1 device"));
        find(By.id("invitation-close")).sendKeys(Keys.ENTER);
        assertEquals("", find(By.id("invitation-text")).getDomProperty("textContent"), "it is shown once");
        byte[] key = Ed25519.generate(RandomSource.secure());
        try (InvitationText invitation = InvitationText.parse(line[2].getBytes(StandardCharsets.US_ASCII))) {
            assertTrue(AdmissionClient.join(invitation, () -> key, "laptop").isEmpty(), "it waits");
            WebElement card = await("#waiting-rows .device");
            assertTrue(card.getText().contains("laptop"), card.getText());
            assertTrue(find(By.id("devices-link")).getText().contains("(1)"));
            shoot("console-approval", "devices");
            card.findElement(By.tagName("button")).sendKeys(Keys.ENTER);
            until(
                    "nobody waits",
                    () -> browser.findElements(By.cssSelector("#waiting-rows .device"))
                            .isEmpty());
            try (Seat seat = AdmissionClient.join(invitation, () -> key, "laptop")
                    .orElseThrow()
                    .seat()) {
                assertEquals("laptop", seat.name());
            }
        }
        until("the device", () -> find(By.id("devices-rows")).getText().contains("laptop"));
        until(
                "the end of the invitation",
                () -> find(By.id("invitations-rows")).getText().isEmpty());
        WebElement shutOut = find(By.cssSelector("#devices-rows button"));
        shutOut.sendKeys(Keys.ENTER);
        await("#question[open]");
        find(By.id("question-yes")).sendKeys(Keys.ENTER);
        until("it is gone", () -> !find(By.id("devices-rows")).getText().contains("laptop"));
    }

    @Test
    @Order(7)
    void theDrawingIsNotBlank() throws Exception {
        wish("light");
        BufferedImage page = shoot("console-light");
        Map<?, ?> place =
                (Map<?, ?>) script("return document.getElementById('picture').getBoundingClientRect().toJSON()");
        BufferedImage image = page.getSubimage(
                number(place.get("x")),
                number(place.get("y")),
                number(place.get("width")),
                number(place.get("height")));
        Set<Integer> colours = new HashSet<>();
        int drawn = 0;
        int ground = image.getRGB(1, 1);
        for (int x = 0; x < image.getWidth(); x++) {
            for (int y = 0; y < image.getHeight(); y++) {
                colours.add(image.getRGB(x, y));
                drawn += image.getRGB(x, y) == ground ? 0 : 1;
            }
        }
        assertTrue(colours.size() > 20, colours.size() + " colours");
        assertTrue(drawn > 3000, drawn + " pixels are drawn");
        // Edges are there in the colours of the legend.
        boolean direct = colours.contains(0xff0a7d5f);
        boolean relay = colours.contains(0xffb25e09);
        assertTrue(direct || relay, "an edge is drawn");
    }

    @Test
    @Order(8)
    void itIsLightOrDarkAsTheSystemWishes() throws Exception {
        wish("light");
        assertTrue(ground(shoot("console-light")) > 200);
        wish("dark");
        assertTrue(ground(shoot("console-dark")) < 60);
    }

    @Test
    @Order(9)
    void itFitsAPhone() throws Exception {
        wish("light");
        resize(NARROW, 1000);
        until(
                "the drawing in its new size",
                () -> (Long) script("return document.querySelector('#picture svg').clientWidth") < NARROW);
        for (String section : List.of("mesh", "peers", "addresses", "backends", "events")) {
            script("document.getElementById(arguments[0]).scrollIntoView()", section);
            assertTrue((Long) script("return document.scrollingElement.scrollWidth") <= NARROW, section);
        }
        shoot("console-phone");
        resize(WIDE, 900);
    }

    @Test
    @Order(11)
    void whatIsLostIsShown() throws Exception {
        mesh.stop(5);
        mesh.framework(1).close();
        until(
                "the loss",
                () -> find(By.id("live-text")).getText().contains("lost")
                        || find(By.id("live-text")).getText().contains("not answer"));
    }

    /** Also what a policy of ours forbids would be there. */
    @Test
    @Order(10)
    void theBrowserHasNothingToComplainAbout() {
        List<String> complaints;
        try (Stream<org.openqa.selenium.logging.LogEntry> log =
                browser.manage().logs().get(LogType.BROWSER).getAll().stream()) {
            complaints = log.map(org.openqa.selenium.logging.LogEntry::getMessage)
                    .filter(line -> !line.contains("401") && !line.contains("net::ERR_"))
                    .toList();
        }
        assertEquals(List.of(), complaints);
    }
}
