/** A self-signed certificate for localhost and 127.0.0.1 and its key, made for these tests: it protects nothing. Valid for a century. */

/** PEM. */
export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIUKwLD37tnCMB+Z8wK6X/JvesV7VMwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzA2MDcwNloYDzIxMjYxMDMw
MDYwNzA2WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASvrWh+E/j6qVwcCJmC7iiFg3x0zHtdhvWxZNLdU0if8gclEW8vnwbf
fxhZThczP75rNIlnS6Gs5Dhgu9UooXePo28wbTAdBgNVHQ4EFgQU3u5vwTt6glRJ
CUSkg8tnj6akz+QwHwYDVR0jBBgwFoAU3u5vwTt6glRJCUSkg8tnj6akz+QwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDRwAwRAIgXlFrp8lOxVzHJUDjOuFOuNQmnAag28Hqzr/BNhhdu6cCIGB1
+d5Q805dC+qedEpt3B4fUlH4WHJyGbKi0KarSPB2
-----END CERTIFICATE-----
`;

/** PEM. */
export const CERTIFICATE_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg0JPSl+J0btghQZlo
ly8lozln4GoOQDbuhCkc+izivfyhRANCAASvrWh+E/j6qVwcCJmC7iiFg3x0zHtd
hvWxZNLdU0if8gclEW8vnwbffxhZThczP75rNIlnS6Gs5Dhgu9UooXeP
-----END PRIVATE KEY-----
`;
